package weir.simulation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import weir.experiment.Check;
import weir.experiment.CheckResult;
import weir.experiment.Experiment;
import weir.experiment.ExperimentSettings;
import weir.experiment.FeedbackOutcome;
import weir.experiment.Look;
import weir.inference.Variant;
import weir.observation.Observation;
import weir.observation.Outcome;
import weir.routing.Assignment;
import weir.routing.Because;

/** A real experiment fed with simulated requests, {@code perSecond} of them by its own clock. */
final class SimulatedExperiment {
  static final String STABLE = "1";
  static final String CANDIDATE = "2";
  private static final String MODEL = "price";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Variant STABLE_VARIANT = new Variant(MODEL, STABLE);
  private static final Variant CANDIDATE_VARIANT = new Variant(MODEL, CANDIDATE);
  private static final double DAY_SECONDS = TimeUnit.DAYS.toSeconds(1);

  private final Experiment experiment;
  private final double nanosPerRequest;
  private long requests;
  private long generation;
  private double rho;

  SimulatedExperiment(
      ExperimentSettings settings, boolean sticky, int stepsPlanned, double perSecond) {
    nanosPerRequest = TimeUnit.SECONDS.toNanos(1) / perSecond;
    experiment =
        new Experiment(
            new Experiment.Terms("r1", MODEL, STABLE, CANDIDATE, sticky, stepsPlanned, settings),
            this::nanos,
            () -> {});
  }

  /** The usual settings with another level and other checks. */
  static ExperimentSettings settings(double alpha, List<Check> checks) {
    ExperimentSettings usual = ExperimentSettings.defaults();
    return new ExperimentSettings(
        alpha, usual.labelWindow(), Optional.empty(), usual.unitsMax(), usual.warmUp(), checks);
  }

  private long nanos() {
    return Math.round(requests * nanosPerRequest);
  }

  Instant now() {
    return START.plusNanos(nanos());
  }

  double days() {
    return nanos() / (TimeUnit.SECONDS.toNanos(1) * DAY_SECONDS);
  }

  long requests() {
    return requests;
  }

  double rho() {
    return rho;
  }

  long generation() {
    return generation;
  }

  void step(int index, double share) {
    rho = share;
    experiment.step(index, ++generation, share, now());
  }

  /** The latest request of the traffic, begun and ended. */
  void request(SimulatedTraffic traffic) {
    request(traffic, traffic.measured(), traffic.outcome());
  }

  void request(SimulatedTraffic traffic, boolean measured, Outcome outcome) {
    boolean candidate = traffic.candidate();
    Assignment assignment =
        new Assignment(
            candidate ? CANDIDATE : STABLE,
            candidate ? rho : 1 - rho,
            generation,
            Because.SPLIT,
            traffic.unit());
    long token = experiment.began(assignment, (_, _, _) -> true);
    experiment.ended(
        token,
        new Observation(
            candidate ? CANDIDATE_VARIANT : STABLE_VARIANT,
            assignment,
            measured,
            outcome,
            traffic.nanos(),
            traffic.nanos(),
            Double.NaN,
            ""));
    requests++;
  }

  /** A reward for a request of that generation. */
  void reward(boolean candidate, long generation, long unit, double value) {
    experiment.feedback(
        new FeedbackOutcome(
            "reward",
            candidate ? CANDIDATE : STABLE,
            generation,
            0.5,
            unit,
            Double.NaN,
            "",
            value,
            ""));
  }

  Look look() {
    return experiment.look(now());
  }

  static CheckResult result(Look look, String check) {
    return look.checks().stream()
        .filter(each -> each.check().equals(check))
        .findFirst()
        .orElseThrow();
  }
}
