package weir.experiment;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import weir.experiment.Experiment.Terms;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.observation.ComparisonObserver.Footing;
import weir.observation.Observation;
import weir.observation.Outcome;
import weir.routing.Assignment;
import weir.routing.Because;

/** A real experiment with a clock that is set by hand, and requests in one line each. */
final class Bench {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final Outcome OK = Outcome.of(Source.MODEL);
  static final Outcome FAILED = Outcome.of(Reason.BACKEND_FAILED);
  static final String STABLE = "1";
  static final String CANDIDATE = "2";
  static final long MILLI = 1_000_000;

  final Terms terms;
  final AtomicLong nanos = new AtomicLong();
  final AtomicInteger guarded = new AtomicInteger();
  final Experiment experiment;
  Footing footing = (_, _, _) -> true;
  long generation = 1;
  double rho;

  Bench(Terms terms) {
    this.terms = terms;
    experiment = new Experiment(terms, nanos::get, guarded::incrementAndGet);
  }

  static Bench of(boolean sticky, Check... checks) {
    return new Bench(terms(sticky, 1_000_000, 0.01, checks));
  }

  static Terms terms(boolean sticky, long unitsMax, double alpha, Check... checks) {
    ExperimentSettings usual = ExperimentSettings.defaults();
    return new Terms(
        "r1",
        "price",
        STABLE,
        CANDIDATE,
        sticky,
        4,
        new ExperimentSettings(
            alpha,
            usual.labelWindow(),
            usual.measuredShare(),
            unitsMax,
            100,
            checks.length == 0 ? usual.checks() : List.of(checks)));
  }

  Bench step(int index, double rho) {
    this.rho = rho;
    generation++;
    experiment.step(index, generation, rho, START);
    return this;
  }

  Assignment assignment(String version, long unit, Because because) {
    double share = version.equals(CANDIDATE) ? rho : 1 - rho;
    return new Assignment(version, share, generation, because, unit);
  }

  Observation observation(Assignment assignment, boolean measured, Outcome outcome, long took) {
    return new Observation(
        new Variant("price", assignment.version()),
        assignment,
        measured,
        outcome,
        took,
        took,
        Double.NaN,
        "");
  }

  void request(String version, long unit, Outcome outcome, long took) {
    Assignment assignment = assignment(version, unit, Because.SPLIT);
    long token = experiment.began(assignment, footing);
    experiment.ended(token, observation(assignment, true, outcome, took));
  }

  void requests(String version, int count, long firstUnit, Outcome outcome) {
    for (int i = 0; i < count; i++) {
      request(version, firstUnit + i, outcome, MILLI + i % 100 * 10_000L);
    }
  }

  void outcome(String kind, String version, long unit, double score, double value) {
    experiment.feedback(
        new FeedbackOutcome(kind, version, generation, 0.5, unit, score, "", value, ""));
  }

  Look look() {
    return experiment.look(START);
  }

  CheckResult result(String check) {
    return result(look(), check);
  }

  static CheckResult result(Look look, String check) {
    return look.checks().stream()
        .filter(each -> each.check().equals(check))
        .findFirst()
        .orElseThrow();
  }
}
