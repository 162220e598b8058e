package weir.backend;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.observation.BackendMeters;

/**
 * Bounds how many calls run at once and how many wait.
 *
 * <p>Each variant has permits of its own, so that one that hangs leaves the others theirs; all
 * together have twice as many, since a native call holds its carrier thread. A request that is
 * still waiting at its deadline, or finds the queue full, is refused.
 */
final class LimitingBackend implements Backend {
  static final int VARIANTS_AT_ONCE = 2;

  /** One variant's permits and the length of their queue, and the permits of all variants. */
  record Limit(Semaphore own, int maxQueued, Semaphore all) {
    /** The limit of the first variant; the others' are made from it. */
    static Limit of(int permits, int maxQueued) {
      return new Limit(new Semaphore(permits), maxQueued, shared(permits));
    }

    /** The permits of all variants together, when each has {@code permits}. */
    static Semaphore shared(int permits) {
      return new Semaphore(VARIANTS_AT_ONCE * permits);
    }
  }

  private final Backend next;
  private final Limit limit;
  private final BackendMeters meters;
  private final int spare;

  LimitingBackend(Backend next, Limit limit, BackendMeters meters) {
    this.next = next;
    this.limit = limit;
    this.meters = meters;
    this.spare = Math.min(2, limit.own().availablePermits());
  }

  @Override
  public InferenceResult infer(InferenceRequest request) {
    if (free()) {
      meters.queued(0);
    } else if (!queue(request)) {
      return new Rejected(
          Reason.OVERLOADED, "too many requests are waiting for this model; try again shortly");
    }
    try {
      return next.infer(request);
    } finally {
      limit.all().release();
      limit.own().release();
    }
  }

  /** Busy when a live request would have to wait behind one more, or does wait. */
  @Override
  public boolean busy() {
    return limit.own().availablePermits() < spare
        || limit.all().availablePermits() < spare
        || limit.own().hasQueuedThreads()
        || limit.all().hasQueuedThreads();
  }

  private boolean free() {
    return limit.own().tryAcquire() && (limit.all().tryAcquire() || givenBack());
  }

  /** False, with the own permit free again. */
  private boolean givenBack() {
    limit.own().release();
    return false;
  }

  private boolean queue(InferenceRequest request) {
    if (limit.own().getQueueLength() >= limit.maxQueued()) {
      return false;
    }
    long start = System.nanoTime();
    boolean acquired =
        inTime(limit.own(), request) && (inTime(limit.all(), request) || givenBack());
    meters.queued(System.nanoTime() - start);
    return acquired;
  }

  /** Whether a permit came before the deadline and without an interrupt, which stays set. */
  private static boolean inTime(Semaphore permits, InferenceRequest request) {
    try {
      return permits.tryAcquire(request.deadlineNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
