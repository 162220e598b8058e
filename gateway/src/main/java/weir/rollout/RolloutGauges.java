package weir.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.experiment.Arm;
import weir.experiment.Check;
import weir.experiment.CheckResult;
import weir.experiment.Experiment;
import weir.experiment.ExperimentReport;
import weir.experiment.ExperimentSettings;
import weir.experiment.Look;
import weir.experiment.Verdict;
import weir.observation.Metric;
import weir.observation.RolloutMeters;
import weir.observation.RolloutMeters.Phase;
import weir.observation.RolloutMeters.Reading;

/**
 * Turns rollouts and looks into gauges. The last look at a rollout stays after its end. The
 * control's lock guards it.
 */
final class RolloutGauges {
  private static final Duration ESTIMATED_EVERY = Duration.ofSeconds(1);
  private static final double LOG_EVIDENCE_SHOWN_MAX = Math.log(1e12);
  private static final double MILLIS_PER_SECOND = 1e3;

  /** What was last known of the evidence of one rollout. */
  private record Seen(
      String rollout, ExperimentSettings settings, Look look, ExperimentReport report) {}

  private final RolloutMeters meters;
  private final Map<String, Seen> seen = new HashMap<>();

  RolloutGauges(RolloutMeters meters) {
    this.meters = meters;
  }

  /** Keeps {@code look} at the rollout of {@code experiment}, the one that ends it too. */
  void saw(String model, Experiment experiment, Look look) {
    Experiment.Terms terms = experiment.terms();
    Seen before = of(model, terms.rollout());
    ExperimentReport report =
        before != null && look.at().isBefore(before.report().at().plus(ESTIMATED_EVERY))
            ? before.report()
            : experiment.report(look.at());
    seen.put(model, new Seen(terms.rollout(), terms.settings(), look, report));
  }

  private @Nullable Seen of(String model, String rollout) {
    Seen found = seen.get(model);
    return found != null && found.rollout().equals(rollout) ? found : null;
  }

  /** Shows where the model's rollout stands, the last one when none is under way. */
  void show(ModelControl control) {
    ModelHistory.@Nullable Run run = control.history().last().orElse(null);
    if (run == null) {
      return;
    }
    List<Reading> readings = new ArrayList<>();
    rollout(run, control.trail(), readings);
    Seen known = of(control.model(), run.terms().rollout());
    if (known != null) {
      look(run.terms().candidate(), known.look(), known.settings(), readings);
      known.report().versions().forEach(version -> estimates(version, readings));
    }
    meters.show(control.model(), readings);
  }

  /** Forgets every model but these. */
  void retain(Set<String> models) {
    seen.keySet().retainAll(models);
    meters.retain(models);
  }

  private static void rollout(ModelHistory.Run run, Trail trail, List<Reading> readings) {
    String candidate = run.terms().candidate();
    Phase current = phase(run.state());
    for (Phase phase : Phase.values()) {
      add(readings, Metric.ROLLOUT_PHASE, phase == current ? 1 : 0, candidate, phase.label());
    }
    add(readings, Metric.ROLLOUT_STEP, trail.step(), candidate);
    trail
        .since()
        .ifPresent(since -> add(readings, Metric.ROLLOUT_STEP_STARTED, seconds(since), candidate));
    trail
        .last()
        .forEach((event, at) ->
            add(readings, Metric.ROLLOUT_LAST_CHANGE, seconds(at), candidate, event.label()));
  }

  private static Phase phase(RolloutState state) {
    return switch (state) {
      case RolloutState.Shadowing _ -> Phase.SHADOWING;
      case RolloutState.Stepping _ -> Phase.STEPPING;
      case RolloutState.AwaitingApproval _ -> Phase.AWAITING_APPROVAL;
      case RolloutState.Paused _ -> Phase.PAUSED;
      case RolloutState.Promoted _ -> Phase.PROMOTED;
      case RolloutState.RolledBack back ->
          switch (back.because()) {
            case FAILED -> Phase.FAILED;
            case HARMFUL -> Phase.HARMFUL;
            case INCONCLUSIVE -> Phase.INCONCLUSIVE;
            case ABORTED -> Phase.ABORTED;
          };
    };
  }

  private static void look(
      String candidate, Look look, ExperimentSettings settings, List<Reading> readings) {
    int gating = 0;
    for (CheckResult result : look.checks()) {
      String check = label(result.check());
      add(readings, Metric.ROLLOUT_CHECK_VERDICT, code(result.verdict()), candidate, check);
      if (result.check().equals(CheckResult.TRAFFIC)) {
        add(readings, Metric.SRM_EVALUE, evidence(result.logEvidence()), candidate);
        continue;
      }
      gating += result.gates() ? 1 : 0;
      double judged = higherIsBetter(result, settings) ? result.low() : result.high();
      add(readings, Metric.ROLLOUT_CHECK_VALUE, judged, candidate, check);
      add(readings, Metric.ROLLOUT_CHECK_THRESHOLD, result.threshold(), candidate, check);
      add(readings, Metric.EXPERIMENT_EFFECT, result.effect(), candidate, check);
      add(readings, Metric.EXPERIMENT_EFFECT_LOW, result.low(), candidate, check);
      add(readings, Metric.EXPERIMENT_EFFECT_HIGH, result.high(), candidate, check);
      add(readings, Metric.EXPERIMENT_EVALUE, evidence(result.logEvidence()), candidate, check);
      for (Arm arm : List.of(result.stable(), result.candidate())) {
        add(readings, Metric.EXPERIMENT_SAMPLES, (double) arm.trials(), arm.version(), check);
        add(readings, Metric.EXPERIMENT_MEAN, arm.value(), arm.version(), check);
      }
    }
    add(
        readings,
        Metric.EXPERIMENT_EVALUE_DECISIVE,
        Math.max(1, gating) / settings.alpha(),
        candidate);
  }

  private static String label(String check) {
    return check.replace(' ', '_');
  }

  private static int code(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Invalid _ -> -1;
      case Verdict.Undecided _ -> 0;
      case Verdict.Passes _ -> 1;
      case Verdict.Harmful _ -> 2;
    };
  }

  private static double evidence(double logEvidence) {
    return Math.exp(Math.clamp(logEvidence, -LOG_EVIDENCE_SHOWN_MAX, LOG_EVIDENCE_SHOWN_MAX));
  }

  private static boolean higherIsBetter(CheckResult result, ExperimentSettings settings) {
    return settings.checks().stream()
        .anyMatch(check ->
            check.name().equals(result.check())
                && check instanceof Check.Feedback feedback
                && feedback.higherIsBetter());
  }

  private static void estimates(ExperimentReport.OfVersion of, List<Reading> readings) {
    String version = of.version();
    ExperimentReport.Estimate errors = of.errorRate();
    add(readings, Metric.EXPERIMENT_ERROR_RATIO, errors.value(), version);
    add(readings, Metric.EXPERIMENT_ERROR_RATIO_LOW, errors.low(), version);
    add(readings, Metric.EXPERIMENT_ERROR_RATIO_HIGH, errors.high(), version);
    latency(version, "p50", of.p50Millis(), readings);
    latency(version, "p95", of.p95Millis(), readings);
    latency(version, "p99", of.p99Millis(), readings);
  }

  private static void latency(
      String version, String percentile, ExperimentReport.Estimate millis, List<Reading> readings) {
    double low = millis.low() / MILLIS_PER_SECOND;
    double high = millis.high() / MILLIS_PER_SECOND;
    add(
        readings,
        Metric.EXPERIMENT_LATENCY,
        millis.value() / MILLIS_PER_SECOND,
        version,
        percentile);
    add(readings, Metric.EXPERIMENT_LATENCY_LOW, low, version, percentile);
    add(readings, Metric.EXPERIMENT_LATENCY_HIGH, high, version, percentile);
  }

  private static double seconds(Instant at) {
    return at.toEpochMilli() / MILLIS_PER_SECOND;
  }

  private static void add(List<Reading> readings, Metric metric, double value, String... labels) {
    readings.add(new Reading(metric, List.of(labels), value));
  }
}
