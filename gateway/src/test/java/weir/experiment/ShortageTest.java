package weir.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.experiment.Bench.CANDIDATE;
import static weir.experiment.Bench.MILLI;
import static weir.experiment.Bench.OK;
import static weir.experiment.Bench.STABLE;

import org.junit.jupiter.api.Test;
import weir.inference.Reason;
import weir.observation.Outcome;

class ShortageTest {
  private static final Outcome NO_ROOM = Outcome.of(Reason.OVERLOADED);
  private static final long USERS = 1_000;

  private final Bench bench = Bench.of(false).step(0, 0.5);

  /** For so long, ten requests a second on each; one in so many is refused, none where it is 0. */
  private void pass(Bench bench, int seconds, int stableOneIn, int candidateOneIn, long users) {
    for (int i = 0; i < 10 * seconds; i++) {
      bench.nanos.addAndGet(100 * MILLI);
      bench.request(STABLE, USERS + i % users, outcome(i, stableOneIn), MILLI);
      bench.request(CANDIDATE, i % users, outcome(i, candidateOneIn), MILLI);
    }
  }

  private static Outcome outcome(int number, int oneIn) {
    return oneIn > 0 && number % oneIn == 0 ? NO_ROOM : OK;
  }

  @Test
  void ended_candidateAloneHasNoRoomForTenSeconds_tripsOnce() {
    pass(bench, 9, 0, 2, USERS);
    assertThat(bench.guarded).hasValue(0);

    pass(bench, 20, 0, 2, USERS);

    assertThat(bench.guarded).hasValue(1);
    assertThat(bench.look().guard())
        .hasValue(
            "of version 2's last 100 requests 50 were refused by its limit or breaker or failed beside that, of version 1's in that time 0 of 101");
  }

  @Test
  void ended_candidateFailsOnUnequalFooting_trips() {
    pass(bench, 30, 0, 0, USERS);
    bench.footing = (_, _, _) -> false;
    for (int i = 0; i < 110; i++) {
      bench.nanos.addAndGet(100 * MILLI);
      bench.request(STABLE, USERS + i, OK, MILLI);
      bench.request(CANDIDATE, i, i % 2 == 0 ? Outcome.of(Reason.BACKEND_FAILED) : OK, MILLI);
    }

    assertThat(bench.guarded).hasValue(1);
  }

  @Test
  void ended_candidateFailsOnEqualFooting_isLeftToTheChecks() {
    for (int i = 0; i < 300; i++) {
      bench.nanos.addAndGet(100 * MILLI);
      bench.request(STABLE, USERS + i, OK, MILLI);
      bench.request(CANDIDATE, i, i % 2 == 0 ? Outcome.of(Reason.BACKEND_FAILED) : OK, MILLI);
    }

    assertThat(bench.guarded).hasValue(0);
  }

  @Test
  void ended_noRoomForEither_doesNotTrip() {
    pass(bench, 60, 7, 2, USERS);

    assertThat(bench.guarded).hasValue(0);
  }

  @Test
  void ended_fewAreRefused_doesNotTrip() {
    pass(bench, 60, 0, 20, USERS);

    assertThat(bench.guarded).hasValue(0);
  }

  @Test
  void ended_roomAgainBeforeTenSeconds_beginsAnew() {
    for (int i = 0; i < 10; i++) {
      pass(bench, 8, 0, 2, USERS);
      pass(bench, 4, 0, 0, USERS);
    }

    assertThat(bench.guarded).hasValue(0);
  }

  @Test
  void ended_aFewRequestsAMinute_takesAHundredOfThem() {
    for (int i = 0; i < 98; i++) {
      bench.nanos.addAndGet(10_000 * MILLI);
      bench.request(STABLE, i, OK, MILLI);
      bench.request(CANDIDATE, i, outcome(i, 2), MILLI);
    }
    assertThat(bench.guarded).hasValue(0);

    bench.requests(CANDIDATE, 2, 0, NO_ROOM);

    assertThat(bench.guarded).hasValue(1);
  }

  @Test
  void ended_oneStickyUnitFillsTheCandidate_waitsForFiveUnits() {
    Bench sticky = Bench.of(true).step(0, 0.5);
    pass(sticky, 60, 0, 2, 8);
    assertThat(sticky.guarded).as("four units were refused").hasValue(0);

    pass(sticky, 10, 0, 3, 8);

    assertThat(sticky.guarded).hasValue(1);
  }

  @Test
  void ended_greedyCallersAreToldOfTheirShare_isNoShortage() {
    for (int i = 0; i < 1_000; i++) {
      bench.nanos.addAndGet(100 * MILLI);
      bench.request(STABLE, i, OK, MILLI);
      bench.request(CANDIDATE, i, OK, MILLI);
      bench.request(CANDIDATE, i, Outcome.of(Reason.OVER_SHARE), MILLI);
    }

    assertThat(bench.guarded).hasValue(0);
  }

  @Test
  void ended_noRoom_isNoErrorOfTheVariant() {
    pass(bench, 5, 2, 3, USERS);

    CheckResult errors = bench.result("errors");

    assertThat(errors.stable().events()).isZero();
    assertThat(errors.candidate().events()).isZero();
    assertThat(errors.candidate().trials()).isPositive();
  }
}
