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
 * <p>The permits are shared by every variant in this process, since a native call holds its carrier
 * thread. A request that is still waiting at its deadline, or finds the queue full, is refused.
 */
final class LimitingBackend implements Backend {
  /** Permits and the length of their queue, for all variants that share a resource. */
  record Limit(Semaphore permits, int maxQueued) {
    static Limit of(int permits, int maxQueued) {
      return new Limit(new Semaphore(permits), maxQueued);
    }
  }

  private final Backend next;
  private final Limit limit;
  private final BackendMeters meters;

  LimitingBackend(Backend next, Limit limit, BackendMeters meters) {
    this.next = next;
    this.limit = limit;
    this.meters = meters;
  }

  @Override
  public InferenceResult infer(InferenceRequest request) {
    if (limit.permits().tryAcquire()) {
      meters.queued(0);
    } else if (!queue(request)) {
      return new Rejected(
          Reason.OVERLOADED, "too many requests are waiting for this model; try again shortly");
    }
    try {
      return next.infer(request);
    } finally {
      limit.permits().release();
    }
  }

  private boolean queue(InferenceRequest request) {
    if (limit.permits().getQueueLength() >= limit.maxQueued()) {
      return false;
    }
    long start = System.nanoTime();
    try {
      return limit.permits().tryAcquire(request.deadlineNanos() - start, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      meters.queued(System.nanoTime() - start);
    }
  }
}
