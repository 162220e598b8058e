package weir.experiment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.inference.Blame;
import weir.inference.Reason;
import weir.observation.Observation;
import weir.observation.Outcome;
import weir.stats.Moments;
import weir.stats.QuantileSketch;

/**
 * All that counts of one rollout's traffic; bounded, not thread-safe.
 *
 * <p>An event gives evidence for the ratio once per unit, check and rollout; a unit's first
 * measured request in a step is a trial of the candidate's own rate. Without sticky assignment
 * every request is its own unit and {@code units} stays empty.
 */
final class Evidence {
  private static final long TAU_OUTCOMES = 100;
  private static final double UNSET = Double.NaN;

  private final Experiment.Terms terms;
  private final List<Check> checks;
  private final Units units;
  private final Eras eras;
  private final @Nullable StepTally[] steps;
  private final QuantileSketch[] latencies = {new QuantileSketch(), new QuantileSketch()};
  private final long[] errors = new long[Side.COUNT];
  private final double[] limits;
  private final double[] taus;
  private boolean limitsKnown;

  Evidence(Experiment.Terms terms) {
    this.terms = terms;
    checks = terms.settings().checks();
    units = new Units(terms.settings().unitsMax());
    eras = new Eras(checks.size());
    steps = new StepTally[terms.stepsPlanned()];
    limits = filled();
    taus = filled();
  }

  private double[] filled() {
    double[] values = new double[checks.size()];
    Arrays.fill(values, UNSET);
    return values;
  }

  Units units() {
    return units;
  }

  Eras eras() {
    return eras;
  }

  /** Limit of "slow" in nanoseconds by check; NaN before the warm-up is over. */
  double limitNanos(int check) {
    return limits[check];
  }

  double tau(int check) {
    return taus[check];
  }

  QuantileSketch latencies(int side) {
    return latencies[side];
  }

  /** Measured requests that failed, over the whole rollout. */
  long errors(int side) {
    return errors[side];
  }

  /** The tallies from the first step on; null where a step has not started. */
  @Nullable StepTally step(int index) {
    return steps[index];
  }

  void begin(int step, long generation, double rho) {
    eras.begin(step, generation, rho);
    if (steps[step] == null) {
      steps[step] = new StepTally(checks.size());
    }
  }

  void exposed(Era era, int side, long unit) {
    if (!terms.sticky() || units.exposed(unit)) {
      era.exposed(side);
    }
  }

  void ended(Era era, int side, Observation observation) {
    if (observation.measured()) {
      measured(era, side, observation);
    }
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof Check.Score
          && Double.isFinite(observation.score())
          && first(observation.assignment().unitHash(), i)) {
        era.add(i, side, observation.score());
      }
    }
  }

  private void measured(Era era, int side, Observation observation) {
    StepTally step = steps[era.step()];
    if (step == null) {
      return;
    }
    long unit = observation.assignment().unitHash();
    boolean timed = limitsKnown;
    boolean trial = side == Side.CANDIDATE && tried(unit, Units.Trial.MEASURED, era);
    boolean timedTrial = side == Side.CANDIDATE && timed && tried(unit, Units.Trial.TIMED, era);
    step.request(side, timed);
    step.trial(trial, timedTrial);
    latencies[side].add((double) observation.totalNanos());
    errors[side] += failed(observation.outcome()) ? 1 : 0;
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof Check.Event check && happened(check, i, observation)) {
        step.event(i, side, check instanceof Check.Latency ? timedTrial : trial);
        if (first(unit, i)) {
          step.evidence(i, side, era.rho());
        }
      }
    }
    if (!limitsKnown && side == Side.STABLE) {
      warmUp();
    }
  }

  private boolean tried(long unit, Units.Trial trial, Era era) {
    return !terms.sticky() || units.tried(unit, trial, era.step());
  }

  private boolean first(long unit, int check) {
    return !terms.sticky() || units.counted(unit, check);
  }

  private boolean happened(Check.Event check, int index, Observation observation) {
    return switch (check) {
      case Check.Errors _ -> failed(observation.outcome());
      case Check.Timeouts _ -> refused(observation.outcome(), Reason.BACKEND_TIMEOUT);
      case Check.InvalidOutputs _ -> refused(observation.outcome(), Reason.INVALID_OUTPUT);
      case Check.Latency _ -> observation.totalNanos() > limits[index];
    };
  }

  /**
   * A refusal for lack of capacity is no failure here: the permits belong to the model, so that
   * whichever variant took them, both are refused alike.
   */
  private static boolean failed(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused && refused.blame() == Blame.BACKEND;
  }

  private static boolean refused(Outcome outcome, Reason reason) {
    return outcome instanceof Outcome.Refused refused && refused.reason() == reason;
  }

  /** Once, from the stable variant alone, and only later requests are held against it. */
  private void warmUp() {
    QuantileSketch stable = latencies[Side.STABLE];
    if (stable.count() < terms.settings().warmUp()) {
      return;
    }
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof Check.Latency latency) {
        limits[i] = stable.quantile(latency.quantile());
      }
    }
    limitsKnown = true;
  }

  void feedback(Era era, int side, FeedbackOutcome outcome) {
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i) instanceof Check.Feedback check) {
        double value = Outcomes.value(check, outcome);
        if (Double.isFinite(value) && first(outcome.unitHash(), i)) {
          era.add(i, side, value);
          if (side == Side.STABLE && Double.isNaN(taus[i])) {
            taus[i] = tau(check, stable(i));
          }
        }
      }
    }
  }

  private Moments stable(int check) {
    Moments all = Moments.NONE;
    for (Era era : eras.all()) {
      all = all.plus(era.stratum(check).stable());
    }
    return all;
  }

  /** Fixed at the stable variant's first outcomes: a τ that follows the data is not a prior. */
  private static double tau(Check.Feedback check, Moments stable) {
    if (stable.count() < TAU_OUTCOMES) {
      return UNSET;
    }
    double scale = stable.mean() == 0 ? Math.sqrt(stable.variance()) : Math.abs(stable.mean());
    return scale == 0 ? UNSET : check.smallest() * scale;
  }

  void write(DataOutput out) throws IOException {
    eras.write(out);
    for (StepTally step : steps) {
      out.writeBoolean(step != null);
      if (step != null) {
        step.write(out);
      }
    }
    for (int side = 0; side < Side.COUNT; side++) {
      byte[] bytes = latencies[side].toBytes();
      out.writeInt(bytes.length);
      out.write(bytes);
      out.writeLong(errors[side]);
    }
    for (int i = 0; i < checks.size(); i++) {
      out.writeDouble(limits[i]);
      out.writeDouble(taus[i]);
    }
    out.writeBoolean(limitsKnown);
    out.writeBoolean(units.full());
  }

  void read(DataInput in) throws IOException {
    eras.read(in);
    for (int i = 0; i < steps.length; i++) {
      if (in.readBoolean()) {
        steps[i] = StepTally.read(in, checks.size());
      }
    }
    for (int side = 0; side < Side.COUNT; side++) {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      latencies[side] = QuantileSketch.fromBytes(bytes);
      errors[side] = in.readLong();
    }
    for (int i = 0; i < checks.size(); i++) {
      limits[i] = in.readDouble();
      taus[i] = in.readDouble();
    }
    limitsKnown = in.readBoolean();
    units.full(in.readBoolean());
  }
}
