package weir.experiment;

import java.util.Arrays;
import java.util.List;
import weir.inference.Blame;
import weir.inference.Reason;
import weir.observation.Observation;
import weir.observation.Outcome;
import weir.stats.QuantileSketch;

/**
 * Gathers one replica's part of a rollout's evidence, and knows the others' parts; bounded, not
 * thread-safe.
 *
 * <p>An event gives evidence for the ratio once per unit, check and rollout; a unit's first
 * measured request in a step is a trial of the candidate's own rate. In a fleet the first is who
 * claims it first. Of the units one in 16 counts as an exposure. Without sticky assignment every
 * request is its own unit and {@code units} stays empty.
 */
final class Evidence {
  /** Of the bits of a unit's hash that do not decide its version. */
  private static final long SLICE = 0xf;

  private final Experiment.Terms terms;
  private final List<Check> checks;
  private final int byTime;
  private final boolean fleet;
  private final boolean claiming;
  private final Units units;
  private final Sums own;
  private final Eras eras;
  private final Claims claims;
  private final FeedbackTally feedback;
  private Sums others;
  private double[] limits;
  private boolean limitsKnown;

  Evidence(Experiment.Terms terms, boolean fleet) {
    this.terms = terms;
    checks = terms.settings().checks();
    byTime = byTime(checks);
    this.fleet = fleet;
    claiming = fleet && terms.sticky();
    units = new Units(terms.settings().unitsMax());
    own = new Sums(terms);
    eras = new Eras(own::era);
    claims = new Claims(terms.settings().unitsMax());
    feedback = new FeedbackTally(checks);
    others = new Sums(terms);
    limits = new double[checks.size()];
    Arrays.fill(limits, Double.NaN);
  }

  private static int byTime(List<Check> checks) {
    int bits = 0;
    for (int i = 0; i < checks.size(); i++) {
      bits |= checks.get(i) instanceof Check.Latency ? 1 << i : 0;
    }
    return bits;
  }

  Units units() {
    return units;
  }

  Eras eras() {
    return eras;
  }

  /** Whether a unit's firsts are claimed instead of counted. */
  boolean claiming() {
    return claiming;
  }

  Claims claims() {
    return claims;
  }

  FeedbackTally feedback() {
    return feedback;
  }

  Sums own() {
    return own;
  }

  void others(Sums sums) {
    others = sums;
  }

  /** Limit of "slow" in nanoseconds by check; NaN before the warm-up is over. */
  double limitNanos(int check) {
    return limits[check];
  }

  boolean limitsKnown() {
    return limitsKnown;
  }

  double[] limits() {
    return limits.clone();
  }

  /** From now on these tell what is slow, and only later requests are held against them. */
  void limits(double[] known) {
    limits = known.clone();
    limitsKnown = true;
    own.warmUp().clear();
  }

  /** The stable variant's first latencies, of all replicas. */
  WarmUp warmUp() {
    WarmUp all = new WarmUp(terms.settings().warmUp());
    all.add(own.warmUp());
    all.add(others.warmUp());
    return all;
  }

  /** What a look judges: everything known, and what waits too long for an answer. */
  Sums total(long nanos) {
    Sums total = new Sums(terms);
    total.add(own);
    total.add(others);
    claims.countOverdue(total, nanos);
    return total;
  }

  QuantileSketch latencies(int side) {
    Sums all = new Sums(terms);
    all.addLatencies(own);
    all.addLatencies(others);
    return all.latencies(side);
  }

  /** From {@code generation} on, the share is {@code rho}. */
  void begin(int step, long generation, double rho) {
    eras.begin(step, generation, rho);
    own.step(step);
  }

  void exposed(Era era, int side, long unit, long nanos) {
    if (!terms.sticky()) {
      era.exposed(side);
    } else if (units.exposed(unit) && (unit & SLICE) == 0) {
      count(unit, Claim.EXPOSURE, era, side, 0, Double.NaN, nanos);
    }
    own.unitLimit(own.unitLimit() || units.full());
  }

  /** The first of its kind of this unit, as far as this replica knows. */
  private void count(long unit, int mark, Era era, int side, int events, double value, long nanos) {
    if (!claiming) {
      Claim.count(own, era, mark, side, events, value);
    } else if (!claims.add(new Claim(unit, mark, era, side, events, value, nanos))) {
      own.unitLimit(true);
    }
  }

  void ended(Era era, int side, Observation observation, long nanos) {
    if (observation.measured()) {
      measured(era, side, observation, nanos);
    }
    long unit = observation.assignment().unitHash();
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof Check.Score
          && Double.isFinite(observation.score())
          && first(unit, i)) {
        count(unit, Claim.check(i), era, side, 0, observation.score(), nanos);
      }
    }
  }

  private void measured(Era era, int side, Observation observation, long nanos) {
    StepTally step = own.step(era.step());
    long unit = observation.assignment().unitHash();
    int events = events(observation);
    step.request(side, limitsKnown);
    own.measured(side, observation.totalNanos(), failed(observation.outcome()));
    for (int i = 0; i < checks.size(); i++) {
      if ((events & 1 << i) != 0) {
        step.event(i, side);
        if (first(unit, i)) {
          count(unit, Claim.check(i), era, side, 0, Double.NaN, nanos);
        }
      }
    }
    if (side == Side.CANDIDATE) {
      trial(Units.Trial.MEASURED, era, unit, events & ~byTime, nanos);
      if (limitsKnown) {
        trial(Units.Trial.TIMED, era, unit, events & byTime, nanos);
      }
    }
    if (!limitsKnown && side == Side.STABLE) {
      own.warmUp().add(observation.totalNanos());
      if (!fleet && warmUps() >= terms.settings().warmUp()) {
        limits(warmUp().limits(checks));
      }
    }
  }

  private int warmUps() {
    return own.warmUp().size() + others.warmUp().size();
  }

  private void trial(Units.Trial trial, Era era, long unit, int events, long nanos) {
    if (!terms.sticky() || units.tried(unit, trial, era.step())) {
      int mark = Claim.trial(trial, era.step());
      count(unit, mark, era, Side.CANDIDATE, events, Double.NaN, nanos);
    }
  }

  private boolean first(long unit, int check) {
    return !terms.sticky() || units.counted(unit, check);
  }

  /** The event checks that a measured request counts for, as bits. */
  private int events(Observation observation) {
    int events = 0;
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof Check.Event check && happened(check, i, observation)) {
        events |= 1 << i;
      }
    }
    return events;
  }

  private boolean happened(Check.Event check, int index, Observation observation) {
    return switch (check) {
      case Check.Errors _ -> failed(observation.outcome());
      case Check.Timeouts _ -> refused(observation.outcome(), Reason.BACKEND_TIMEOUT);
      case Check.InvalidOutputs _ -> refused(observation.outcome(), Reason.INVALID_OUTPUT);
      case Check.Latency _ -> observation.totalNanos() > limits[index];
    };
  }

  /** A refusal for want of room is none, it is {@link Shortage}'s matter. */
  private static boolean failed(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused && refused.blame() == Blame.BACKEND;
  }

  private static boolean refused(Outcome outcome, Reason reason) {
    return outcome instanceof Outcome.Refused refused && refused.reason() == reason;
  }

  /** Every replica counts all feedback, in the same order, so that nothing has to be claimed. */
  void feedback(Era era, int side, FeedbackOutcome outcome) {
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof Check.Feedback check) {
        double value = Outcomes.value(check, outcome);
        if (Double.isFinite(value) && first(outcome.unitHash(), i)) {
          feedback.add(era.id(), i, check, side, value);
        }
      }
    }
  }

  /** A unit of an earlier process; its feedback is counted anew. */
  void restore(UnitMark unit) {
    int mark = unit.mark();
    for (int i = 0; i < checks.size(); i++) {
      mark = checks.get(i) instanceof Check.Feedback ? Units.without(mark, i) : mark;
    }
    units.restore(new UnitMark(unit.unitHash(), mark));
  }
}
