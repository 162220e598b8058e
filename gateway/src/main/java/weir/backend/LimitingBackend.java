package weir.backend;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import weir.admission.Admission;
import weir.admission.Entry.Place;
import weir.admission.Entry.Refusal;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.observation.BackendMeters;

/**
 * Bounds how many calls run at once and how many wait.
 *
 * <p>Each variant has permits of its own, so that one that hangs leaves the others theirs; all
 * together have twice as many, since a native call holds its carrier thread. How many may wait for
 * them follows from how long they do ({@code gateway/decisions/overload.md}). A request that finds
 * no place, or is still waiting at its deadline, is refused.
 */
final class LimitingBackend implements Backend {
  static final int VARIANTS_AT_ONCE = 2;

  private static final Rejected LOST = new Rejected(Reason.INTERNAL, "an exception ended it");

  /** One variant's permits, the places of those that have or await one, and the permits of all. */
  record Limit(Semaphore own, Admission places, Semaphore all) {
    /** The limit of a variant beside others that share {@code all}. */
    static Limit of(int permits, int maxQueued, Semaphore all) {
      return new Limit(
          new Semaphore(permits, true),
          Admission.of(permits, permits + maxQueued, System::nanoTime),
          all);
    }

    /** The limit of a variant alone. */
    static Limit of(int permits, int maxQueued) {
      return of(permits, maxQueued, shared(permits));
    }

    /** The permits of all variants together, when each has {@code permits}. */
    static Semaphore shared(int permits) {
      return new Semaphore(VARIANTS_AT_ONCE * permits, true);
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
    return switch (limit.places().begin(request.caller())) {
      case Place place -> placed(request, place);
      case Refusal.FULL ->
          new Rejected(
              Reason.OVERLOADED, "too many requests are waiting for this model; try again shortly");
      case Refusal.OVER_SHARE ->
          new Rejected(
              Reason.OVER_SHARE,
              "this model is busy, and your own share of it is in use; send fewer requests at"
                  + " once");
    };
  }

  private InferenceResult placed(InferenceRequest request, Place place) {
    long waited = free() ? 0 : queue(request);
    meters.queued(Math.abs(waited));
    if (waited < 0) {
      limit.places().overloaded(place);
      return new Rejected(
          Reason.OVERLOADED, "the request's time was over before its turn came; try again shortly");
    }
    InferenceResult result = LOST;
    try {
      result = next.infer(request);
      return result;
    } finally {
      limit.all().release();
      limit.own().release();
      if (result instanceof Answered answered) {
        limit.places().answered(place, waited + answered.modelNanos(), answered.modelNanos());
      } else {
        limit.places().left(place);
      }
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

  @Override
  public boolean takes() {
    return limit.places().room();
  }

  /** Whether it has its permits at once, and took them from nobody who waited before it. */
  private boolean free() {
    return !limit.own().hasQueuedThreads()
        && limit.own().tryAcquire()
        && (limit.all().tryAcquire() || givenBack());
  }

  /** False, with the own permit free again. */
  private boolean givenBack() {
    limit.own().release();
    return false;
  }

  /** How long it waited for its permits; that below zero when they did not come in time. */
  private long queue(InferenceRequest request) {
    long start = System.nanoTime();
    boolean acquired =
        inTime(limit.own(), request) && (inTime(limit.all(), request) || givenBack());
    long waited = Math.max(1, System.nanoTime() - start);
    return acquired ? waited : -waited;
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
