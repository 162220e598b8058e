package weir.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ScoreboardTest {
  private final AtomicLong clock = new AtomicLong(5_000);
  private final Scoreboard board = new Scoreboard(wanted(), 10, clock::get);

  @Test
  void snapshot_wantedWeights_sharesOfOneInTheirOrder() {
    assertThat(board.snapshot().versions())
        .extracting(Snapshot.VersionRow::version, Snapshot.VersionRow::wanted)
        .containsExactly(tuple("2", 0.1), tuple("1", 0.9));
  }

  @Test
  void record_answersAndAFailure_sharesErrorsAndLatency() {
    priced(0, "1", 2_074);
    priced(1, "1", 2_074);
    priced(2, "2", 2_074);
    failed(3, "2", "503: overloaded", true);
    clock.addAndGet(1_000_000);

    Snapshot now = board.snapshot();

    assertThat(now.totals().answered()).isEqualTo(3);
    assertThat(now.totals().failed()).isEqualTo(1);
    Snapshot.VersionRow second = row(now, "2");
    assertThat(second.seen()).isEqualTo(0.5);
    assertThat(second.requests()).isEqualTo(2);
    assertThat(second.errors()).isEqualTo(1);
    assertThat(second.users()).isEqualTo(2);
    assertThat(second.p99().toNanos()).isBetween(1_000_000L, 1_032_000L);
    assertThat(now.failures()).containsExactly(new Snapshot.Failure("503: overloaded", 1));
  }

  @Test
  void record_prices_meanAbsoluteErrorAndShareWithinTenPercent() {
    priced(0, "1", 2_074 + 207);
    priced(0, "1", 2_074 + 208);
    priced(0, "1", 2_074 - 208);

    Pricing pricing = row(board.snapshot(), "1").pricing();

    assertThat(pricing.answers()).isEqualTo(3);
    assertThat(pricing.offBy()).isCloseTo(623 / 3.0, within(1e-9));
    assertThat(pricing.withinTenPercent()).isCloseTo(1 / 3.0, within(1e-9));
    // Sample deviation of 207, 208, 208, over the root of three.
    assertThat(pricing.standardError()).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(board.snapshot().latest())
        .isEqualTo("version 1: $1,866, real $2,074, 0.64 ct Ideal F VS2");
  }

  @Test
  void record_userMeetsAnotherVersion_countsAsMoved() {
    priced(4, "1", 2_074);
    priced(4, "1", 2_074);
    assertThat(board.snapshot().users()).isEqualTo(new Snapshot.Users(10, 0));

    priced(4, "2", 2_074);

    assertThat(board.snapshot().users()).isEqualTo(new Snapshot.Users(10, 1));
    assertThat(row(board.snapshot(), "1").users()).isZero();
    assertThat(row(board.snapshot(), "2").users()).isEqualTo(1);
  }

  @Test
  void record_failureWithoutVersion_belongsToNone() {
    failed(0, "", "the gateway accepts no connection", false);

    assertThat(board.snapshot().versions()).allMatch(row -> row.requests() == 0);
    assertThat(board.snapshot().totals().failed()).isEqualTo(1);
  }

  @Test
  void record_endlessVersionsAndMessages_rememberedWithinBounds() {
    for (int i = 0; i < 100; i++) {
      priced(0, "v" + i, 2_074);
      failed(0, "", "fault " + i, true);
    }

    Snapshot now = board.snapshot();

    assertThat(now.versions()).hasSize(17);
    assertThat(row(now, "other").requests()).isEqualTo(86);
    assertThat(now.failures()).hasSize(17).startsWith(new Snapshot.Failure("other", 84));
  }

  @Test
  void silence_onlyFailuresToConnect_growsUntilTheGatewayAnswers() {
    clock.addAndGet(Duration.ofSeconds(3).toNanos());
    failed(0, "", "the gateway accepts no connection", false);
    assertThat(board.silence()).isEqualTo(Duration.ofSeconds(3));

    failed(0, "2", "503: overloaded", true);

    assertThat(board.silence()).isZero();
  }

  private static Map<String, Double> wanted() {
    Map<String, Double> wanted = new LinkedHashMap<>();
    wanted.put("2", 1.0);
    wanted.put("1", 9.0);
    return wanted;
  }

  private void priced(int user, String version, double price) {
    board.record(turn(user), new Reply.Priced(version, "id", price), 1_000_000);
  }

  private void failed(int user, String version, String message, boolean reached) {
    board.record(turn(user), new Reply.Failed(version, message, reached), 9_000_000);
  }

  private static Schedule.Turn turn(int user) {
    return new Schedule.Turn(0, user, Fixtures.STONE);
  }

  private static Snapshot.VersionRow row(Snapshot snapshot, String version) {
    List<Snapshot.VersionRow> rows =
        snapshot.versions().stream().filter(row -> row.version().equals(version)).toList();
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }
}
