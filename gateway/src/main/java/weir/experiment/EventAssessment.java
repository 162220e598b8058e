package weir.experiment;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import weir.stats.Interval;
import weir.stats.LogEvidence;
import weir.stats.RateBound;
import weir.stats.RatioEvidence;

/**
 * One event check: harm by the risk ratio over the rollout, passing by the current step alone.
 *
 * <p>Harm: E is the mean over the planned steps of the evidence from each step on. The size that
 * harm also needs is estimated where that evidence is strongest: what convinces has to be what is
 * large. Passing: the ratio's upper bound or the candidate's own rate, alpha/2 each.
 */
record EventAssessment(
    Experiment.Terms terms,
    Readings.OfEvent event,
    Optional<Readings.Place> place,
    long warmedUp,
    double logHarmEvidence,
    int strongest,
    RatioEvidence sinceStrongest)
    implements Assessment {
  private static final long MORE_MAX = 10_000_000;
  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  static EventAssessment of(
      Experiment.Terms terms,
      Readings.OfEvent event,
      Optional<Readings.Place> place,
      long warmedUp) {
    List<StepTally.Reading> steps = event.steps();
    double[] started = new double[steps.size()];
    RatioEvidence since = RatioEvidence.none();
    RatioEvidence sinceStrongest = since;
    int strongest = steps.size() - 1;
    for (int step = steps.size() - 1; step >= 0; step--) {
      since = since.plus(steps.get(step).ratio());
      started[step] = since.logHarmEvidence();
      if (started[step] >= started[strongest]) {
        strongest = step;
        sinceStrongest = since;
      }
    }
    double logEvidence = LogEvidence.mean(terms.stepsPlanned(), started);
    return new EventAssessment(
        terms, event, place, warmedUp, logEvidence, strongest, sinceStrongest);
  }

  @Override
  public Check check() {
    return event.check();
  }

  @Override
  public CheckResult result(boolean rejected) {
    double alpha = terms.settings().alpha();
    double margin = margin();
    boolean harmful = rejected && sinceStrongest.estimate().orElse(1) >= 1 + margin / 2;
    StepTally.Reading now = now();
    StepTally.Reading shown = harmful ? sum(strongest) : now;
    RatioEvidence ratio = harmful ? sinceStrongest : now.ratio();
    Interval bounds = ratio.bounds(harmful ? alpha : alpha / 2);
    return new CheckResult(
        check().name(),
        check().gates(),
        harmful ? harmful(shown, bounds) : verdict(now, bounds),
        ratio.estimate().orElse(Double.NaN),
        bounds.low(),
        bounds.high(),
        1 + margin,
        logHarmEvidence,
        arm(terms.stable(), shown.stableEvents(), shown.stableRequests()),
        arm(terms.candidate(), shown.candidateEvents(), shown.candidateRequests()));
  }

  private double margin() {
    double rho = place.map(Readings.Place::rho).orElse(0.0);
    return event.check().margin().orElseGet(() -> Margins.at(rho));
  }

  /** The current step, which need not be the furthest one. */
  private StepTally.Reading now() {
    int step = place.map(Readings.Place::step).orElse(0);
    return event.steps().get(step);
  }

  private StepTally.Reading sum(int from) {
    StepTally.Reading sum = event.steps().get(from);
    for (StepTally.Reading next : event.steps().subList(from + 1, event.steps().size())) {
      sum =
          new StepTally.Reading(
              sinceStrongest,
              sum.stableEvents() + next.stableEvents(),
              sum.stableRequests() + next.stableRequests(),
              sum.candidateEvents() + next.candidateEvents(),
              sum.candidateRequests() + next.candidateRequests(),
              next.trials());
    }
    return sum;
  }

  private static Arm arm(String version, long events, long requests) {
    return new Arm(
        version, events, requests, requests == 0 ? Double.NaN : (double) events / requests);
  }

  private Verdict harmful(StepTally.Reading shown, Interval bounds) {
    return new Verdict.Harmful(
        "%s; ratio at least %s; harmful at %s"
            .formatted(
                counts(shown), Words.number(bounds.low()), Words.number(terms.settings().alpha())));
  }

  private Verdict verdict(StepTally.Reading now, Interval bounds) {
    if (event.check() instanceof Check.Latency && Double.isNaN(event.limitNanos())) {
      return new Verdict.Undecided(
          "%s of %s measured requests on version %s that tell what is slow"
              .formatted(
                  Words.count(warmedUp), Words.count(terms.settings().warmUp()), terms.stable()));
    }
    if (now.trials().trials() == 0) {
      return new Verdict.Undecided(
          "no measured request on version %s yet".formatted(terms.candidate()));
    }
    double threshold = 1 + margin();
    if (bounds.high() < threshold) {
      return new Verdict.Passes(
          "%s; ratio at most %s, below %s"
              .formatted(counts(now), Words.number(bounds.high()), Words.number(threshold)));
    }
    double tolerable = event.check().tolerable();
    double upper = now.trials().upper(terms.settings().alpha() / 2);
    if (upper < tolerable) {
      return new Verdict.Passes(
          "%s; at most %s, below %s"
              .formatted(counts(now), Words.percent(upper), Words.percent(tolerable)));
    }
    String ratio =
        Double.isInfinite(bounds.high())
            ? "the ratio, of which nothing can be told yet,"
            : "ratio at most " + Words.number(bounds.high());
    return new Verdict.Undecided(
        "%s; %s has to be below %s, or %s below %s%s"
            .formatted(
                counts(now),
                ratio,
                Words.number(threshold),
                Words.percent(upper),
                Words.percent(tolerable),
                more(now.trials())));
  }

  private String counts(StepTally.Reading reading) {
    String slow =
        event.check() instanceof Check.Latency
            ? "slower than " + Words.number(event.limitNanos() / NANOS_PER_MILLI) + " ms: "
            : "";
    return "%s%s of %s against %s of %s"
        .formatted(
            slow,
            Words.count(reading.candidateEvents()),
            Words.count(reading.candidateRequests()),
            Words.count(reading.stableEvents()),
            Words.count(reading.stableRequests()));
  }

  /** How many more trials would do at the best rate that can be hoped for; "" when none would. */
  private String more(RateBound trials) {
    double rate = event.check() instanceof Check.Latency latency ? 1 - latency.quantile() : 0;
    long more = 1;
    while (!enough(trials, more, rate)) {
      more *= 2;
      if (more > MORE_MAX) {
        return "";
      }
    }
    long tooFew = more / 2;
    while (more - tooFew > 1) {
      long middle = (more + tooFew) / 2;
      if (enough(trials, middle, rate)) {
        more = middle;
      } else {
        tooFew = middle;
      }
    }
    return "; about %s more %s %s"
        .formatted(
            Words.about(more),
            terms.sticky() ? "units" : "requests",
            rate == 0 ? "without one" : "with " + Words.percent(rate) + " of them slow");
  }

  private boolean enough(RateBound trials, long more, double rate) {
    RateBound then =
        new RateBound(trials.events() + Math.round(rate * more), trials.trials() + more);
    return LogEvidence.rejects(
        then.logEvidenceBelow(event.check().tolerable()), terms.settings().alpha() / 2);
  }
}
