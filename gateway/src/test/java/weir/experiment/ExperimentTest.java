package weir.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static weir.experiment.Bench.CANDIDATE;
import static weir.experiment.Bench.FAILED;
import static weir.experiment.Bench.MILLI;
import static weir.experiment.Bench.OK;
import static weir.experiment.Bench.STABLE;
import static weir.experiment.Bench.START;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.experiment.Verdict.Harmful;
import weir.experiment.Verdict.Invalid;
import weir.experiment.Verdict.Passes;
import weir.experiment.Verdict.Undecided;
import weir.inference.Reason;
import weir.observation.Outcome;
import weir.routing.Assignment;
import weir.routing.Because;

class ExperimentTest {
  private static final Check ERRORS = Check.Errors.defaults();

  @ParameterizedTest
  @EnumSource(
      value = Because.class,
      names = {"MATCHED", "PINNED", "FIXED", "FALLBACK"})
  void ended_variantNotDrawn_doesNotCount(Because because) {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);
    Assignment assignment = bench.assignment(CANDIDATE, 1, because);

    long token = bench.experiment.began(assignment, bench.footing);
    bench.experiment.ended(token, bench.observation(assignment, true, FAILED, MILLI));

    assertThat(token).isZero();
    assertThat(bench.result("errors").candidate().trials()).isZero();
    assertThat(bench.result("traffic split").candidate().trials()).isZero();
  }

  @Test
  void ended_notMeasured_isAnExposureOnly() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);
    Assignment assignment = bench.assignment(CANDIDATE, 1, Because.SPLIT);

    long token = bench.experiment.began(assignment, bench.footing);
    bench.experiment.ended(token, bench.observation(assignment, false, FAILED, MILLI));

    assertThat(bench.result("errors").candidate().trials()).isZero();
    assertThat(bench.result("traffic split").candidate().events()).isOne();
  }

  @Test
  void ended_unequalFootingAtTheBeginning_isAnExposureOnly() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);
    bench.footing =
        (model, stable, candidate) ->
            !(model.equals("price") && stable.equals(STABLE) && candidate.equals(CANDIDATE));

    bench.requests(CANDIDATE, 50, 0, FAILED);
    bench.requests(STABLE, 50, 100, OK);

    assertThat(bench.guarded).hasValue(0);
    assertThat(bench.result("errors").candidate().trials()).isZero();
    assertThat(bench.result("traffic split").candidate().events()).isEqualTo(50);
  }

  @Test
  void errors_onCandidateAlone_areHarmfulInWordsAndNumbers() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);

    bench.requests(STABLE, 200, 0, OK);
    bench.requests(CANDIDATE, 186, 1_000, OK);
    bench.requests(CANDIDATE, 14, 2_000, FAILED);

    CheckResult result = bench.result("errors");
    assertThat(result.verdict()).isInstanceOf(Harmful.class);
    assertThat(result.verdict().words())
        .startsWith("14 of 200 against 0 of 200; ratio at least 1.")
        .endsWith("harmful at 0.01");
    assertThat(result.candidate()).isEqualTo(new Arm(CANDIDATE, 14, 200, 0.07));
  }

  @Test
  void errors_refusedForCapacity_areNobodysEvent() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);

    bench.requests(CANDIDATE, 100, 0, Outcome.of(Reason.OVERLOADED));

    assertThat(bench.result("errors").candidate()).isEqualTo(new Arm(CANDIDATE, 0, 100, 0));
  }

  @Test
  void errors_oneStickyUnitFailingAllTheTime_countsOnce() {
    Bench sticky = Bench.of(true, ERRORS).step(0, 0.5);
    sticky.requests(STABLE, 300, 100, OK);
    for (int i = 0; i < 300; i++) {
      sticky.request(CANDIDATE, 7, FAILED, MILLI);
    }
    sticky.step(1, 0.5).request(CANDIDATE, 7, FAILED, MILLI);

    CheckResult result = sticky.result("errors");
    assertThat(result.verdict()).isInstanceOf(Undecided.class);
    assertThat(result.logEvidence()).isBetween(0.0, 1.0);
  }

  @Test
  void errors_noneOnCandidate_passByTheTolerableRateAndSayHowManyAreMissing() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.05);
    bench.requests(CANDIDATE, 100, 0, OK);
    String words = bench.result("errors").verdict().words();
    int more =
        Integer.parseInt(words.replaceAll(".*about ([0-9,]+) more.*", "$1").replace(",", ""));

    bench.requests(CANDIDATE, more, 0, OK);

    assertThat(words).endsWith("more requests without one");
    assertThat(more).isBetween(400, 900);
    assertThat(bench.result("errors").verdict()).isInstanceOf(Passes.class);
  }

  @Test
  void errors_nextStep_startsPassingAnewAndKeepsHarm() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);
    bench.requests(CANDIDATE, 2_000, 0, OK);
    bench.requests(CANDIDATE, 8, 0, FAILED);
    double before = bench.result("errors").logEvidence();

    bench.step(1, 0.5);

    CheckResult result = bench.result("errors");
    assertThat(result.verdict()).isEqualTo(new Undecided("no measured request on version 2 yet"));
    assertThat(result.logEvidence()).isCloseTo(before, within(1e-9));
  }

  @Test
  void errors_lateAnswer_belongsToTheStepOfItsAssignment() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.05);
    Assignment assignment = bench.assignment(CANDIDATE, 1, Because.SPLIT);
    long token = bench.experiment.began(assignment, bench.footing);

    bench.step(1, 0.5);
    bench.experiment.ended(token, bench.observation(assignment, true, FAILED, MILLI));

    assertThat(bench.result("errors").candidate().trials()).isZero();
    assertThat(bench.result("errors").logEvidence()).isPositive();
  }

  @Test
  void latency_slowerCandidate_isHarmfulOnceTheWarmUpToldWhatIsSlow() {
    Bench bench = Bench.of(false, Check.Latency.of(0.95)).step(0, 0.5);
    bench.requests(STABLE, 99, 0, OK);
    assertThat(bench.result("latency p95").verdict().words())
        .isEqualTo("99 of 100 measured requests on version 1 that tell what is slow");

    bench.requests(STABLE, 201, 0, OK);
    for (int i = 0; i < 200; i++) {
      bench.request(CANDIDATE, i, OK, (i % 4 == 0 ? 5 : 1) * MILLI);
    }

    assertThat(bench.result("latency p95").verdict().words())
        .startsWith("slower than 1.9")
        .contains(" ms: 50 of 200 against ")
        .endsWith("harmful at 0.01");
  }

  @Test
  void trafficSplit_mismatch_isInvalidAndGates() {
    Bench bench = Bench.of(false, ERRORS).step(0, 0.5);

    bench.requests(STABLE, 600, 0, OK);
    bench.requests(CANDIDATE, 400, 0, OK);

    assertThat(bench.result("traffic split").verdict()).isInstanceOf(Invalid.class);
    assertThat(bench.result("traffic split").gates()).isTrue();
  }

  @Test
  void trafficSplit_oneHeavyStickyUser_isNoMismatch() {
    Bench bench = Bench.of(true, ERRORS).step(0, 0.5);

    bench.requests(STABLE, 800, 0, OK);
    bench.requests(CANDIDATE, 800, 1_600, OK);
    for (int i = 0; i < 1_000; i++) {
      bench.request(CANDIDATE, 1_600, OK, MILLI);
    }

    assertThat(bench.result("traffic split").verdict().words())
        .isEqualTo("50 of 100 sampled units on version 2, share now 50 %");
    assertThat(bench.result("traffic split").gates()).isFalse();
  }

  @Test
  void units_beyondTheLimit_makeTheLookInvalidAndKeepTheEvidence() {
    Bench bench = new Bench(Bench.terms(true, 1_000, 0.01, ERRORS)).step(0, 0.5);
    bench.requests(STABLE, 500, 0, OK);
    bench.requests(CANDIDATE, 500, 1_000, FAILED);
    assertThat(bench.result("traffic split").gates()).isFalse();

    bench.requests(STABLE, 1, 9_999, OK);

    assertThat(bench.result("traffic split").verdict().words()).contains("1,000 units");
    assertThat(bench.result("errors").verdict()).isInstanceOf(Harmful.class);
  }

  @Test
  void look_withoutTraffic_isUndecidedAndSaysWhatIsMissing() {
    Bench bench = Bench.of(false, ERRORS, Check.Reward.defaults());

    assertThat(bench.look().checks())
        .extracting(result -> result.verdict().words())
        .containsExactly(
            "no measured request on version 2 yet",
            "0 of 100 outcomes on version 2",
            "no request yet");
  }

  @Test
  void feedback_worseAbsoluteError_isHarmfulAndBetterPasses() {
    Bench bench = Bench.of(true, Check.AbsoluteError.defaults()).step(0, 0.5);
    for (int i = 0; i < 400; i++) {
      bench.outcome("actual", STABLE, i, 100 + 5 + i % 10, 100);
      bench.outcome("actual", CANDIDATE, 1_000 + i, 100 - 8 - i % 10, 100);
      bench.outcome("actual", CANDIDATE, 1_000, 0, 100);
    }
    assertThat(bench.result("absolute error").verdict().words())
        .startsWith("12.5 over 400 against 9.5 over 400; worse by 3, at least 2.");

    Bench better = Bench.of(true, new Check.AbsoluteError(0, 0.05, false, true)).step(0, 0.5);
    for (int i = 0; i < 400; i++) {
      better.outcome("actual", CANDIDATE, i, 100 + 5 + i % 10, 100);
      better.outcome("actual", STABLE, 1_000 + i, 100 - 8 - i % 10, 100);
    }
    assertThat(better.result("absolute error").verdict()).isInstanceOf(Passes.class);
  }

  @Test
  void feedback_higherIsBetter_readsTheOtherWayRound() {
    Check.WithinTolerance check = Check.WithinTolerance.defaults();
    Bench bench = Bench.of(false, check).step(0, 0.5);
    for (int i = 0; i < 500; i++) {
      bench.outcome("actual", STABLE, i, i % 10 == 0 ? 120 : 105, 100);
      bench.outcome("actual", CANDIDATE, i, i % 3 == 0 ? 120 : 105, 100);
      bench.outcome("reward", CANDIDATE, i, 0, 100);
    }

    CheckResult result = bench.result("within tolerance");
    assertThat(result.verdict()).isInstanceOf(Harmful.class);
    assertThat(result.threshold()).isNegative();
    assertThat(result.candidate().trials()).isEqualTo(500);
  }

  @Test
  void report_ofTraffic_holdsEachVersionsRateAndQuantilesWithIntervals() {
    Bench bench = Bench.of(false).step(0, 0.5);
    bench.requests(CANDIDATE, 990, 0, OK);
    bench.requests(CANDIDATE, 10, 0, FAILED);

    ExperimentReport.OfVersion candidate = bench.experiment.report(START).versions().get(1);

    assertThat(candidate.measured()).isEqualTo(1_000);
    assertThat(candidate.errorRate().value()).isEqualTo(0.01);
    assertThat(candidate.errorRate().low()).isBetween(0.0005, 0.01);
    assertThat(candidate.errorRate().high()).isBetween(0.01, 0.04);
    assertThat(candidate.p50Millis().value()).isCloseTo(1.5, within(0.05));
    assertThat(candidate.p50Millis().low()).isLessThan(1.5);
    assertThat(candidate.p50Millis().high()).isGreaterThan(1.5);
  }
}
