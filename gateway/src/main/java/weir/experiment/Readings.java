package weir.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.stats.MeanDifference;
import weir.stats.RateBound;
import weir.stats.RatioEvidence;

/** A copy of the evidence, taken under the lock and judged outside it. */
record Readings(
    Optional<String> guard,
    Optional<Place> place,
    List<OfEvent> events,
    List<OfMean> means,
    Traffic traffic) {

  /** The current step and its share. */
  record Place(int step, double rho) {}

  /**
   * One event check: a reading per step so far, and the limit of "slow" (NaN: none, or not yet).
   */
  record OfEvent(Check.Event check, double limitNanos, List<StepTally.Reading> steps) {}

  /** One check of means: a stratum per era. */
  record OfMean(Check check, double tau, List<MeanDifference.Stratum> strata) {}

  /** Exposures, evidence against the configured shares, and how far the warm-up is. */
  record Traffic(
      long stable, long candidate, double logMismatch, boolean unitLimit, long warmedUp) {}

  private static final StepTally.Reading NOTHING =
      new StepTally.Reading(RatioEvidence.none(), 0, 0, 0, 0, new RateBound(0, 0));

  static Readings of(Experiment.Terms terms, Evidence evidence, Sums total) {
    List<OfEvent> events = new ArrayList<>();
    List<OfMean> means = new ArrayList<>();
    List<Era> eras = total.eras();
    Era current = evidence.eras().current();
    List<Check> checks = terms.settings().checks();
    for (int i = 0; i < checks.size(); i++) {
      int index = i;
      switch (checks.get(i)) {
        case Check.Event event ->
            events.add(new OfEvent(event, evidence.limitNanos(i), steps(terms, total, event, i)));
        case Check.Feedback feedback ->
            means.add(
                new OfMean(feedback, evidence.feedback().tau(i), evidence.feedback().strata(i)));
        case Check.Score score ->
            means.add(
                new OfMean(
                    score, Double.NaN, eras.stream().map(era -> era.stratum(index)).toList()));
      }
    }
    return new Readings(
        total.guard().isEmpty() ? Optional.empty() : Optional.of(total.guard()),
        current == null ? Optional.empty() : Optional.of(new Place(current.step(), current.rho())),
        events,
        means,
        traffic(total, eras));
  }

  private static List<StepTally.Reading> steps(
      Experiment.Terms terms, Sums total, Check.Event event, int check) {
    List<StepTally.Reading> steps = new ArrayList<>();
    int last = 0;
    for (int step = 0; step < terms.stepsPlanned(); step++) {
      StepTally tally = total.stepBegun(step);
      if (tally != null) {
        last = step;
      }
      steps.add(tally == null ? NOTHING : tally.reading(check, event instanceof Check.Latency));
    }
    return List.copyOf(steps.subList(0, last + 1));
  }

  private static Traffic traffic(Sums total, List<Era> eras) {
    return new Traffic(
        eras.stream().mapToLong(era -> era.exposures(Side.STABLE)).sum(),
        eras.stream().mapToLong(era -> era.exposures(Side.CANDIDATE)).sum(),
        eras.stream().mapToDouble(Era::logMismatch).sum(),
        total.unitLimit(),
        total.warmUp().size());
  }
}
