package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.drift.SignalDrift.Share;
import weir.stats.Binning;

class DriftJudgeTest {
  private static final Instant END = Instant.parse("2026-01-05T12:00:00Z");
  private static final Place PLACE = new Place(Place.Side.INPUT, "x", 0);
  private static final Signal NUMBER =
      new Signal.Numeric(
          "x", PLACE, Binning.ofEdges(1, 2), List.of(3_000L, 4_000L, 3_000L), 0, 0, 3, 0.8);
  private static final WindowCounts ALIKE = counts(0, 0, 300L, 400L, 300L);
  private static final WindowCounts MILD = counts(0, 0, 170L, 400L, 430L);
  private static final WindowCounts STRONG = counts(0, 0, 100L, 400L, 500L);

  private final DriftJudge judge = new DriftJudge(DriftSettings.defaults(), List.of(NUMBER));

  private static WindowCounts counts(long missing, long beyond, Long... bins) {
    return new WindowCounts(List.of(bins), missing, beyond);
  }

  private DriftStatus status(WindowCounts previous, WindowCounts current) {
    return judge.judge(NUMBER, previous, current, END).status();
  }

  @Test
  void alpha_budgetOverTestsAndWindowsOfAWeek_isDivided() {
    assertThat(judge.alpha()).isCloseTo(0.1 / (3 * 168), within(1e-15));
  }

  @Test
  void judge_alike_isOk() {
    assertThat(status(ALIKE, ALIKE)).isEqualTo(DriftStatus.OK);
  }

  @Test
  void judge_movedInBothWindows_isSaid() {
    assertThat(status(MILD, MILD)).isEqualTo(DriftStatus.WARN);
    assertThat(status(STRONG, STRONG)).isEqualTo(DriftStatus.DRIFT);
  }

  @Test
  void judge_windowsThatDisagree_isTheQuieter() {
    assertThat(status(ALIKE, STRONG)).isEqualTo(DriftStatus.OK);
    assertThat(status(STRONG, MILD)).isEqualTo(DriftStatus.WARN);
  }

  @Test
  void judge_lessThan500RowsInOneWindow_isInsufficient() {
    WindowCounts few = counts(0, 0, 50L, 199L, 250L);
    WindowCounts enough = counts(0, 0, 50L, 200L, 250L);

    assertThat(status(few, STRONG)).isEqualTo(DriftStatus.INSUFFICIENT);
    assertThat(status(STRONG, few)).isEqualTo(DriftStatus.INSUFFICIENT);
    assertThat(status(STRONG, enough)).isEqualTo(DriftStatus.DRIFT);
  }

  @Test
  void judge_emptyWindow_isInsufficientWithoutScores() {
    WindowCounts none = counts(0, 0, 0L, 0L, 0L);
    SignalDrift drift = judge.judge(NUMBER, none, none, END);

    assertThat(drift.status()).isEqualTo(DriftStatus.INSUFFICIENT);
    assertThat(drift.distribution()).isEqualTo(SignalDrift.Distribution.NONE);
  }

  @Test
  void judge_largeEffectThatIsNotSignificant_isOk() {
    Signal small =
        new Signal.Numeric("x", PLACE, Binning.ofEdges(1, 2), List.of(6L, 8L, 6L), 0, 0, 3, 0.8);

    assertThat(judge.judge(small, STRONG, STRONG, END).status()).isEqualTo(DriftStatus.OK);
  }

  @Test
  void judge_missingShareGrows_isSaidOfThatShare() {
    WindowCounts missing = counts(40, 0, 288L, 384L, 288L);
    SignalDrift drift = judge.judge(NUMBER, missing, missing, END);

    assertThat(drift.status()).isEqualTo(DriftStatus.WARN);
    assertThat(drift.distribution().status()).isEqualTo(DriftStatus.OK);
    assertThat(drift.shares())
        .extracting(Share::kind, Share::status, Share::window)
        .containsExactly(
            tuple(Share.Kind.MISSING, DriftStatus.WARN, 0.04),
            tuple(Share.Kind.OUT_OF_RANGE, DriftStatus.OK, 0.0));
  }

  @Test
  void judge_outOfRangeShareGrows_isDrift() {
    WindowCounts beyond = counts(0, 60, 300L, 400L, 300L);

    assertThat(status(beyond, beyond)).isEqualTo(DriftStatus.DRIFT);
  }

  @Test
  void judge_unseenCategories_isDrift() {
    Signal category =
        new Signal.Categorical("x", PLACE, List.of(new Signal.Value("a", 10_000)), 0, 0);
    WindowCounts unseen = counts(0, 60, 940L, 60L);
    SignalDrift drift = judge.judge(category, unseen, unseen, END);

    assertThat(drift.shares().getLast().status()).isEqualTo(DriftStatus.DRIFT);
    assertThat(drift.shares().getLast().kind()).isEqualTo(Share.Kind.UNSEEN);
  }

  @Test
  void judge_missingShareFalls_isOk() {
    Signal gappy =
        new Signal.Numeric(
            "x", PLACE, Binning.ofEdges(1, 2), List.of(3_000L, 4_000L, 3_000L), 5_000, 0, 3, 1);

    assertThat(judge.judge(gappy, ALIKE, ALIKE, END).status()).isEqualTo(DriftStatus.OK);
  }

  @Test
  void judge_drift_sinceTheFirstOfBothWindows() {
    assertThat(judge.judge(NUMBER, STRONG, STRONG, END).since())
        .isEqualTo(Instant.parse("2026-01-05T10:00:00Z"));
    assertThat(judge.judge(NUMBER, ALIKE, ALIKE, END).since()).isEqualTo(END);
  }

  @Test
  void judge_numbers_distancesAreThoseOfTheCounts() {
    SignalDrift.Distribution shape = judge.judge(NUMBER, STRONG, STRONG, END).distribution();

    double psi = (0.1 - 0.3) * Math.log(0.1 / 0.3) + (0.5 - 0.3) * Math.log(0.5 / 0.3);
    assertThat(shape.psi()).isCloseTo(psi, within(1e-12));
    assertThat(shape.ks()).isCloseTo(0.2, within(1e-12));
    assertThat(shape.wasserstein()).isCloseTo((0.1 + 0.2 + 0.1) / 0.8, within(1e-12));
    assertThat(shape.degrees()).isEqualTo(2);
  }
}
