package weir.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.drift.DriftEvent;
import weir.drift.DriftStatus;
import weir.drift.Place;
import weir.drift.SignalDrift;
import weir.inference.Variant;

class DriftNoticeTest {
  private static final Instant AT = Instant.parse("2026-01-05T12:00:00Z");

  @Test
  void of_changedStatus_saysFromWhatToWhatInLowerCase() {
    SignalDrift now =
        new SignalDrift(
            "carat",
            new Place(Place.Side.INPUT, "carat", 0),
            DriftStatus.DRIFT,
            AT.minusSeconds(120),
            1_000,
            new SignalDrift.Distribution(DriftStatus.DRIFT, 0.5, 0, 0, 0, 0, 9, 0.001, 0),
            List.of(),
            List.of());

    Notice notice =
        DriftNotice.of(
            new DriftEvent(new Variant("diamond-price", "2"), DriftStatus.INSUFFICIENT, now, AT));

    assertThat(notice)
        .isEqualTo(
            new Notice(
                0,
                AT,
                "drift",
                "diamond-price",
                "2",
                "diamond-price/2: carat is drift, was insufficient",
                """
                {"feature":"carat","side":"input","status":"drift","before":"insufficient",\
                "since":"2026-01-05T11:58:00Z","samples":1000,"psi":0.5,"p":0.001}\
                """));
  }
}
