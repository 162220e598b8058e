package weir.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.experiment.Bench.CANDIDATE;
import static weir.experiment.Bench.FAILED;
import static weir.experiment.Bench.MILLI;
import static weir.experiment.Bench.OK;
import static weir.experiment.Bench.STABLE;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.inference.InferenceResult.Source;
import weir.observation.Outcome;
import weir.routing.Assignment;
import weir.routing.Because;

class GuardTest {
  private static final Check ERRORS = Check.Errors.defaults();

  @Test
  void ended_candidateFailsTwentyTimesWhileStableAnswers_tripsOnceOnThatAnswer() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);
    for (int i = 0; i < 19; i++) {
      bench.request(STABLE, i, OK, MILLI);
      bench.request(CANDIDATE, i, FAILED, MILLI);
    }
    assertThat(bench.guarded).hasValue(0);

    bench.requests(CANDIDATE, 5, 100, FAILED);

    assertThat(bench.guarded).hasValue(1);
    assertThat(bench.look().guard())
        .hasValue(
            "the last 20 requests of version 2 all failed, of those of version 1 in that time 18 of 18 were answered");
  }

  @Test
  void ended_oneStickyUnitFails_waitsForFiveUnits() {
    Bench bench = Bench.of(true, ERRORS).step(0, 0.5);
    for (int i = 0; i < 40; i++) {
      bench.request(STABLE, 100 + i, OK, MILLI);
      bench.request(CANDIDATE, 7, FAILED, MILLI);
    }
    assertThat(bench.guarded).hasValue(0);

    bench.requests(CANDIDATE, 4, 1, FAILED);

    assertThat(bench.guarded).hasValue(1);
  }

  /** Answers come late and out of order, and the outage begins and ends in mid-flight. */
  @Test
  void ended_sharedOutages_neverTripNorAreHarm() {
    for (int seed = 0; seed < 100; seed++) {
      double rho = seed % 2 == 0 ? 0.5 : 0.05;
      Bench bench = Bench.of(false, ERRORS).step(0, rho);
      Random random = new Random(seed);
      List<Runnable> inFlight = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        boolean outage = i / 500 % 2 == 1;
        String version = random.nextDouble() < rho ? CANDIDATE : STABLE;
        Assignment assignment = bench.assignment(version, i, Because.SPLIT);
        long token = bench.experiment.began(assignment, bench.footing);
        Outcome outcome = outage ? FAILED : OK;
        inFlight.add(() ->
            bench.experiment.ended(token, bench.observation(assignment, true, outcome, MILLI)));
        while (inFlight.size() > (outage ? 60 : 10)) {
          inFlight.remove(random.nextInt(inFlight.size())).run();
        }
      }
      assertThat(bench.guarded).describedAs("seed %s", seed).hasValue(0);
      assertThat(bench.result("errors").verdict()).isNotInstanceOf(Verdict.Harmful.class);
    }
  }

  @Test
  void ended_stableAnswersFromTheCacheOnly_doesNotTrip() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);
    for (int i = 0; i < 40; i++) {
      bench.request(STABLE, i, Outcome.of(Source.CACHE), MILLI);
      bench.request(CANDIDATE, i, FAILED, MILLI);
    }

    assertThat(bench.guarded).hasValue(0);
  }

  @Test
  void overdue_candidateHangs_tripsAndLateAnswersDoNotCountAgain() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);
    bench.requests(STABLE, 200, 0, OK);
    List<Runnable> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Assignment hanging = bench.assignment(CANDIDATE, i, Because.SPLIT);
      long token = bench.experiment.began(hanging, bench.footing);
      answers.add(() -> bench.experiment.ended(token, bench.observation(hanging, true, OK, MILLI)));
      bench.request(STABLE, i, OK, MILLI);
    }
    bench.nanos.set(1_000 * MILLI);
    assertThat(bench.experiment.overdue()).isFalse();

    bench.nanos.set(1_001 * MILLI);

    assertThat(bench.experiment.overdue()).isTrue();
    assertThat(bench.guarded).hasValue(1);
    assertThat(bench.look().guard().orElseThrow()).contains("(20 are overdue)");
    answers.forEach(Runnable::run);
    assertThat(bench.guarded).hasValue(1);
  }

  @Test
  void overdue_bothHang_doesNotTrip() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);
    bench.requests(STABLE, 200, 0, OK);
    for (int i = 0; i < 40; i++) {
      bench.experiment.began(bench.assignment(STABLE, i, Because.SPLIT), bench.footing);
      bench.experiment.began(bench.assignment(CANDIDATE, i, Because.SPLIT), bench.footing);
    }
    bench.nanos.set(5_000 * MILLI);

    assertThat(bench.experiment.overdue()).isFalse();
  }
}
