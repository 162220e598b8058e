package weir.experiment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import weir.experiment.Readings.Traffic;
import weir.stats.LogEvidence;
import weir.stats.Multiplicity;

/**
 * From readings to verdicts; pure.
 *
 * <p>The gating checks share alpha by Holm. The p-value is 1/E now, not the smallest so far: it is
 * never smaller than an always-valid p, and a look then depends on the evidence alone.
 */
final class Judge {
  private static final double MISMATCH_ALPHA = 0.001;

  private Judge() {}

  static Look look(Experiment.Terms terms, Readings readings, Instant now) {
    List<Assessment> assessments = new ArrayList<>();
    for (Readings.OfEvent event : readings.events()) {
      assessments.add(
          EventAssessment.of(terms, event, readings.place(), readings.traffic().warmedUp()));
    }
    for (Readings.OfMean mean : readings.means()) {
      assessments.add(MeanAssessment.of(terms, mean));
    }
    boolean[] rejected = rejected(assessments, terms.settings().alpha());
    List<CheckResult> results = new ArrayList<>();
    for (int i = 0; i < rejected.length; i++) {
      results.add(assessments.get(i).result(rejected[i]));
    }
    results.add(traffic(terms, readings));
    return new Look(now, readings.guard(), results);
  }

  /** Checks that only are shown are each held against alpha alone. */
  private static boolean[] rejected(List<Assessment> assessments, double alpha) {
    double[] gating =
        assessments.stream()
            .filter(each -> each.check().gates())
            .mapToDouble(each -> Math.min(1, Math.exp(-each.logHarmEvidence())))
            .toArray();
    boolean[] holm = Multiplicity.holm(gating, alpha);
    boolean[] rejected = new boolean[assessments.size()];
    int next = 0;
    for (int i = 0; i < rejected.length; i++) {
      Assessment each = assessments.get(i);
      rejected[i] =
          each.check().gates() ? holm[next++] : LogEvidence.rejects(each.logHarmEvidence(), alpha);
    }
    return rejected;
  }

  /** Gates only while it is invalid: that traffic was divided well is no reason to promote. */
  private static CheckResult traffic(Experiment.Terms terms, Readings readings) {
    Traffic traffic = readings.traffic();
    long all = traffic.stable() + traffic.candidate();
    double share = all == 0 ? Double.NaN : (double) traffic.candidate() / all;
    Verdict verdict =
        traffic(terms, traffic, readings.place().map(Readings.Place::rho).orElse(0.0));
    return new CheckResult(
        CheckResult.TRAFFIC,
        verdict instanceof Verdict.Invalid,
        verdict,
        share,
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        Double.NaN,
        traffic.logMismatch(),
        new Arm(terms.stable(), traffic.stable(), all, 1 - share),
        new Arm(terms.candidate(), traffic.candidate(), all, share));
  }

  private static Verdict traffic(Experiment.Terms terms, Traffic traffic, double rho) {
    String said =
        "%s of %s %s on version %s, share now %s"
            .formatted(
                Words.count(traffic.candidate()),
                Words.count(traffic.stable() + traffic.candidate()),
                terms.sticky() ? "sampled units" : "requests",
                terms.candidate(),
                Words.percent(rho));
    if (LogEvidence.rejects(traffic.logMismatch(), MISMATCH_ALPHA)) {
      return new Verdict.Invalid(
          said
              + "; not divided by the shares that were set: look for what loses or repeats requests of one version");
    }
    if (traffic.unitLimit()) {
      return new Verdict.Invalid(
          "more than %s units; new ones are not counted: raise units-max and start the rollout anew"
              .formatted(Words.count(terms.settings().unitsMax())));
    }
    return traffic.stable() + traffic.candidate() == 0
        ? new Verdict.Undecided("no request yet")
        : new Verdict.Passes(said);
  }
}
