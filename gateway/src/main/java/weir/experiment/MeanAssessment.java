package weir.experiment;

import weir.stats.Interval;
import weir.stats.MeanDifference;
import weir.stats.MeanDifference.Estimated;
import weir.stats.MeanDifference.NoVariation;
import weir.stats.MeanDifference.TooFew;
import weir.stats.Moments;

/**
 * One check of means over all eras: what an outcome is worth depends on the version and not on its
 * share, so that earlier steps' outcomes count for passing too.
 *
 * <p>Harm needs evidence against "not worse" and, as for events, an estimate that is worse by half
 * the margin. Passing: the interval leaves out being worse by the margin; with a margin of 0 the
 * candidate has to be better.
 */
record MeanAssessment(
    Experiment.Terms terms,
    Check check,
    Moments stable,
    Moments candidate,
    MeanDifference difference)
    implements Assessment {

  static MeanAssessment of(Experiment.Terms terms, Readings.OfMean mean) {
    Moments stable = Moments.NONE;
    Moments candidate = Moments.NONE;
    for (MeanDifference.Stratum stratum : mean.strata()) {
      stable = stable.plus(stratum.stable());
      candidate = candidate.plus(stratum.candidate());
    }
    double tau = mean.tau();
    if (!(tau > 0)) {
      double scale = Math.sqrt(stable.variance());
      tau = scale > 0 ? scale : 1;
    }
    return new MeanAssessment(
        terms,
        mean.check(),
        stable,
        candidate,
        MeanDifference.of(mean.strata(), kind(mean.check()), tau));
  }

  private static MeanDifference.Kind kind(Check check) {
    if (check instanceof Check.Feedback feedback) {
      if (feedback.proportion()) {
        return MeanDifference.Kind.PROPORTION;
      }
      return feedback.heavyTailed()
          ? MeanDifference.Kind.HEAVY_TAILED_MEAN
          : MeanDifference.Kind.MEAN;
    }
    return MeanDifference.Kind.MEAN;
  }

  @Override
  public double logHarmEvidence() {
    return switch (difference) {
      case TooFew _, NoVariation _ -> 0;
      case Estimated estimated ->
          switch (check) {
            case Check.Feedback feedback ->
                feedback.higherIsBetter()
                    ? estimated.logEvidenceBelow()
                    : estimated.logEvidenceAbove();
            case Check.Score _, Check.Event _ -> 0;
          };
    };
  }

  @Override
  public CheckResult result(boolean rejected) {
    double effect = Double.NaN;
    Interval bounds = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    if (difference instanceof Estimated estimated) {
      effect = estimated.difference();
      bounds = estimated.interval(terms.settings().alpha());
    }
    return new CheckResult(
        check.name(),
        check.gates(),
        verdict(rejected, bounds),
        effect,
        bounds.low(),
        bounds.high(),
        check instanceof Check.Feedback feedback ? signed(feedback, allowed(feedback)) : Double.NaN,
        logHarmEvidence(),
        new Arm(terms.stable(), 0, stable.count(), mean(stable)),
        new Arm(terms.candidate(), 0, candidate.count(), mean(candidate)));
  }

  private static double mean(Moments moments) {
    return moments.count() == 0 ? Double.NaN : moments.mean();
  }

  /** By how much the mean may be worse. */
  private double allowed(Check.Feedback feedback) {
    return feedback.margin() * Math.abs(stable.mean());
  }

  /** A difference for the worse as a difference of means, and the other way round. */
  private static double signed(Check.Feedback feedback, double worse) {
    return feedback.higherIsBetter() ? -worse : worse;
  }

  private Verdict verdict(boolean rejected, Interval bounds) {
    return switch (difference) {
      case TooFew tooFew -> new Verdict.Undecided(missing(tooFew));
      case NoVariation _ -> new Verdict.Undecided("all outcomes are alike; " + means());
      case Estimated estimated ->
          switch (check) {
            case Check.Feedback feedback -> verdict(feedback, estimated, bounds, rejected);
            case Check.Score _, Check.Event _ ->
                new Verdict.Undecided(means() + "; " + between(bounds));
          };
    };
  }

  private String missing(TooFew tooFew) {
    long least = kind(check).least();
    boolean onCandidate = tooFew.candidate() >= tooFew.stable();
    long known = least - (onCandidate ? tooFew.candidate() : tooFew.stable());
    return "%s of %s outcomes on version %s"
        .formatted(
            Words.count(known),
            Words.count(least),
            onCandidate ? terms.candidate() : terms.stable());
  }

  private Verdict verdict(
      Check.Feedback feedback, Estimated estimated, Interval bounds, boolean rejected) {
    double allowed = allowed(feedback);
    double worse = signed(feedback, estimated.difference());
    double worst = feedback.higherIsBetter() ? -bounds.low() : bounds.high();
    double alpha = terms.settings().alpha();
    if (rejected && worse > 0 && worse >= allowed / 2) {
      double least = feedback.higherIsBetter() ? -bounds.high() : bounds.low();
      return new Verdict.Harmful(
          "%s; worse by %s, at least %s; harmful at %s"
              .formatted(
                  means(),
                  Words.number(worse),
                  Words.number(Math.max(0, least)),
                  Words.number(alpha)));
    }
    if (worst < allowed) {
      return new Verdict.Passes(
          worst < 0
              ? "%s; better by at least %s".formatted(means(), Words.number(-worst))
              : "%s; worse by at most %s, below %s"
                  .formatted(means(), Words.number(worst), Words.number(allowed)));
    }
    return new Verdict.Undecided(
        "%s; %s, has to be %s"
            .formatted(
                means(),
                between(bounds),
                allowed == 0 ? "better" : "worse by less than " + Words.number(allowed)));
  }

  private String means() {
    return "%s over %s against %s over %s"
        .formatted(
            Words.number(candidate.mean()),
            Words.count(candidate.count()),
            Words.number(stable.mean()),
            Words.count(stable.count()));
  }

  private static String between(Interval bounds) {
    return "difference between %s and %s"
        .formatted(Words.number(bounds.low()), Words.number(bounds.high()));
  }
}
