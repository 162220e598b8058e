package weir.experiment;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.observation.Observation;
import weir.routing.Assignment;
import weir.routing.Because;
import weir.stats.QuantileSketch;

/**
 * The evidence of one rollout, gathered on the requests' threads and asked from any.
 *
 * <p>Only requests whose variant was drawn, and only between the stable and the candidate version,
 * count. One short lock; a request without an event allocates nothing. The steps have to be told
 * before the plan that they belong to is published: requests of unknown generations do not count.
 */
public final class Experiment {
  /** What stays the same over a rollout. */
  public record Terms(
      String rollout,
      String model,
      String stable,
      String candidate,
      boolean sticky,
      int stepsPlanned,
      ExperimentSettings settings) {
    public Terms {
      if (stable.equals(candidate)) {
        throw new IllegalArgumentException("the candidate is not the stable version " + stable);
      }
      if (stepsPlanned < 1 || stepsPlanned > Units.STEPS_MAX) {
        throw new IllegalArgumentException(
            "planned steps lie between 1 and " + Units.STEPS_MAX + ", not " + stepsPlanned);
      }
    }

    /** What a checkpoint's evidence was gathered under. */
    private String evidenceTerms() {
      return "%s %s %s %s %s %s %s %s"
          .formatted(
              FORMAT,
              rollout,
              model,
              stable,
              candidate,
              sticky,
              stepsPlanned,
              settings.checks().stream().map(Check::name).toList());
    }
  }

  private static final String FORMAT = "weir-experiment-1";
  private static final int NO_SIDE = -1;
  private static final long UNTRACKED = 0;
  private static final long LATENCIES_MIN = 100;
  private static final double OVERDUE_QUANTILE = 0.99;
  private static final double OVERDUE_FACTOR = 4;
  private static final long OVERDUE_MIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Terms terms;
  private final LongSupplier nanoTime;
  private final Runnable onGuard;
  private final ReentrantLock lock = new ReentrantLock();
  private final Evidence evidence;
  private final Guard guard;
  private @Nullable Instant since;

  /**
   * @param onGuard run once, on the thread of the request or the look that trips the hard guard,
   *     outside the lock: it should only signal
   */
  public Experiment(Terms terms, LongSupplier nanoTime, Runnable onGuard) {
    this.terms = terms;
    this.nanoTime = nanoTime;
    this.onGuard = onGuard;
    evidence = new Evidence(terms);
    guard = new Guard(terms);
  }

  /**
   * The experiment as it was at a checkpoint; nothing was in flight.
   *
   * @throws IllegalArgumentException when the state was written under other terms, or is broken
   */
  public static Experiment restore(
      Terms terms, byte[] state, List<UnitMark> units, LongSupplier nanoTime, Runnable onGuard) {
    Experiment experiment = new Experiment(terms, nanoTime, onGuard);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      String written = in.readUTF();
      if (!written.equals(terms.evidenceTerms())) {
        throw new IllegalArgumentException(
            "the checkpoint is of '%s', not of '%s'; start the rollout anew"
                .formatted(written, terms.evidenceTerms()));
      }
      experiment.guard.restore(in.readUTF());
      experiment.evidence.read(in);
    } catch (IOException e) {
      throw new IllegalArgumentException("the checkpoint of " + terms.rollout() + " is broken", e);
    }
    units.forEach(experiment.evidence.units()::restore);
    return experiment;
  }

  public Terms terms() {
    return terms;
  }

  /**
   * From {@code generation} on, the candidate has the share {@code rho} of the traffic that it and
   * the stable version get, as step {@code index} (from 0). Told again for each new generation.
   */
  public void step(int index, long generation, double rho, Instant at) {
    if (index < 0 || index >= terms.stepsPlanned() || !(rho >= 0 && rho <= 1)) {
      throw new IllegalArgumentException(
          "a step lies between 0 and %d and its share between 0 and 1, not %d, %s"
              .formatted(terms.stepsPlanned() - 1, index, rho));
    }
    lock.lock();
    try {
      evidence.begin(index, generation, rho);
      since = at;
    } finally {
      lock.unlock();
    }
  }

  /** Counts an exposure; the answer goes to {@link #ended} with the request's outcome. */
  public long began(Assignment assignment) {
    int side = side(assignment);
    if (side == NO_SIDE) {
      return UNTRACKED;
    }
    long nanos = nanoTime.getAsLong();
    lock.lock();
    try {
      Era era = evidence.eras().of(assignment.generation());
      if (era == null) {
        return UNTRACKED;
      }
      evidence.exposed(era, side, assignment.unitHash());
      return guard.began(side, assignment.unitHash(), nanos);
    } finally {
      lock.unlock();
    }
  }

  private int side(Assignment assignment) {
    if (assignment.because() != Because.SPLIT && assignment.because() != Because.BANDIT) {
      return NO_SIDE;
    }
    return side(assignment.version());
  }

  private int side(String version) {
    if (version.equals(terms.stable())) {
      return Side.STABLE;
    }
    return version.equals(terms.candidate()) ? Side.CANDIDATE : NO_SIDE;
  }

  /** Counts an outcome for the variant first assigned, whoever answered in the end. */
  public void ended(long token, Observation observation) {
    Assignment assignment = observation.assignment();
    int side = side(assignment);
    if (side == NO_SIDE) {
      return;
    }
    boolean tripped;
    lock.lock();
    try {
      Era era = evidence.eras().of(assignment.generation());
      if (era != null) {
        evidence.ended(era, side, observation);
      }
      tripped = guard.ended(token, observation.outcome());
    } finally {
      lock.unlock();
    }
    if (tripped) {
      onGuard.run();
    }
  }

  /** Counts an outcome that is older than the label window. */
  public void feedback(FeedbackOutcome outcome) {
    int side = side(outcome.version());
    if (side == NO_SIDE || outcome.probability() >= 1) {
      return;
    }
    lock.lock();
    try {
      Era era = evidence.eras().of(outcome.generation());
      if (era != null) {
        evidence.feedback(era, side, outcome);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Counts requests in flight that are overdue; whether the hard guard has tripped. */
  public boolean overdue() {
    long nanos = nanoTime.getAsLong();
    boolean now = false;
    boolean tripped;
    lock.lock();
    try {
      QuantileSketch stable = evidence.latencies(Side.STABLE);
      if (stable.count() >= LATENCIES_MIN) {
        double limit = OVERDUE_FACTOR * stable.quantile(OVERDUE_QUANTILE);
        now = guard.overdue(nanos, Math.max(OVERDUE_MIN_NANOS, Math.round(limit)));
      }
      tripped = guard.words().isPresent();
    } finally {
      lock.unlock();
    }
    if (now) {
      onGuard.run();
    }
    return tripped;
  }

  /** What all checks say; counts overdue requests first. */
  public Look look(Instant now) {
    overdue();
    Readings readings;
    lock.lock();
    try {
      readings = Readings.of(terms, evidence, guard);
    } finally {
      lock.unlock();
    }
    return Judge.look(terms, readings, now);
  }

  /** Each version's estimates with their intervals, for display. */
  public ExperimentReport report(Instant now) {
    lock.lock();
    try {
      return ExperimentReport.of(terms, evidence, since, now);
    } finally {
      lock.unlock();
    }
  }

  /** The evidence to keep; tell {@link #written} once it is safe. */
  public Checkpoint checkpoint() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    lock.lock();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(terms.evidenceTerms());
      out.writeUTF(guard.words().orElse(""));
      evidence.write(out);
      return new Checkpoint(bytes.toByteArray(), evidence.units().changed());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    } finally {
      lock.unlock();
    }
  }

  /** The last checkpoint is safe; until then each one repeats the units of the ones before. */
  public void written() {
    lock.lock();
    try {
      evidence.units().written();
    } finally {
      lock.unlock();
    }
  }
}
