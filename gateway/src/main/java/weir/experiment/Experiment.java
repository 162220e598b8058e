package weir.experiment;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.observation.ComparisonObserver.Footing;
import weir.observation.Observation;
import weir.routing.Assignment;
import weir.routing.Because;
import weir.stats.QuantileSketch;

/**
 * The evidence of one rollout, gathered on the requests' threads and asked from any.
 *
 * <p>Only requests whose variant was drawn, and only between the stable and the candidate version,
 * count, and of their outcomes only those of requests that came while both versions stood on equal
 * footing: what a limit refuses, a retry mends or a left out server would have failed says more of
 * these than of the version. That is known before the draw, so it favours neither ({@code
 * gateway/decisions/refusals-are-no-evidence.md}). One short lock; a request without an event
 * allocates nothing. The steps have to be told before the plan that they belong to is published:
 * requests of unknown generations do not count.
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
  }

  private static final int NO_SIDE = -1;
  private static final long UNTRACKED = 0;
  private static final long UNCOUNTED = -1;
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
  private final Shortage shortage;
  private final Part part;
  private @Nullable Instant since;

  /**
   * An experiment without evidence, whose process alone sees the rollout's requests.
   *
   * @param onGuard run once, on the thread of the request or the look that trips the hard guard,
   *     outside the lock: it should only signal
   */
  public Experiment(Terms terms, LongSupplier nanoTime, Runnable onGuard) {
    this(terms, false, nanoTime, onGuard);
  }

  private Experiment(Terms terms, boolean fleet, LongSupplier nanoTime, Runnable onGuard) {
    this.terms = terms;
    this.nanoTime = nanoTime;
    this.onGuard = onGuard;
    evidence = new Evidence(terms, fleet);
    guard = new Guard(terms);
    shortage = new Shortage(terms);
    part = new Part(terms, evidence, guard, lock);
  }

  /**
   * One replica's part of an experiment: a sticky unit's firsts wait until its {@link Part#claims}
   * are answered, and what is slow is told by {@link Part#limits}.
   */
  public static Experiment inFleet(Terms terms, LongSupplier nanoTime, Runnable onGuard) {
    return new Experiment(terms, true, nanoTime, onGuard);
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
  public long began(Assignment assignment, Footing footing) {
    int side = side(assignment);
    if (side == NO_SIDE) {
      return UNTRACKED;
    }
    boolean counted = footing.equal(terms.model(), terms.stable(), terms.candidate());
    long nanos = nanoTime.getAsLong();
    lock.lock();
    try {
      Era era = evidence.eras().of(assignment.generation());
      if (era == null) {
        return UNTRACKED;
      }
      evidence.exposed(era, side, assignment.unitHash(), nanos);
      return counted ? guard.began(side, assignment.unitHash(), nanos) : UNCOUNTED;
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
    long nanos = nanoTime.getAsLong();
    boolean tripped;
    lock.lock();
    try {
      Era era = evidence.eras().of(assignment.generation());
      tripped =
          era != null
              && shortage.ended(
                  side, assignment.unitHash(), observation.outcome(), token == UNCOUNTED, nanos)
              && guard.trip(shortage.words());
      if (token != UNCOUNTED) {
        if (era != null) {
          evidence.ended(era, side, observation, nanos);
        }
        tripped |= guard.ended(token, observation.outcome());
      }
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
    boolean now;
    boolean tripped;
    lock.lock();
    try {
      // Requests wait for this lock, and a sketch sorts to answer: it is asked only if need be.
      now = guard.waits(nanos, OVERDUE_MIN_NANOS) && guard.overdue(nanos, overdueNanos());
      tripped = guard.words().isPresent();
    } finally {
      lock.unlock();
    }
    if (now) {
      onGuard.run();
    }
    return tripped;
  }

  /** How long a request may take; without end while too little is known. */
  private long overdueNanos() {
    QuantileSketch stable = evidence.own().latencies(Side.STABLE);
    if (stable.count() < LATENCIES_MIN) {
      stable = evidence.latencies(Side.STABLE);
    }
    return stable.count() < LATENCIES_MIN
        ? Long.MAX_VALUE
        : Math.max(
            OVERDUE_MIN_NANOS, Math.round(OVERDUE_FACTOR * stable.quantile(OVERDUE_QUANTILE)));
  }

  /** What all checks say of everything known; counts overdue requests first. */
  public Look look(Instant now) {
    overdue();
    Readings readings;
    lock.lock();
    try {
      evidence.own().guard(guard.words().orElse(""));
      readings = Readings.of(terms, evidence, evidence.total(nanoTime.getAsLong()));
    } finally {
      lock.unlock();
    }
    return Judge.look(terms, readings, now);
  }

  /** Each version's estimates with their intervals, for display. */
  public ExperimentReport report(Instant now) {
    lock.lock();
    try {
      return ExperimentReport.of(terms, evidence, since, now, nanoTime.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /** What is exchanged with other replicas and kept. */
  public Part part() {
    return part;
  }
}
