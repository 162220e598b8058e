package weir.routing;

import java.util.concurrent.locks.ReentrantLock;

/** The one mutable cell between the control plane, which publishes, and requests, which read. */
public final class LivePlan {
  private final ReentrantLock publishing = new ReentrantLock();
  private volatile RoutePlan plan;

  public LivePlan(RoutePlan first) {
    this.plan = first;
  }

  public RoutePlan current() {
    return plan;
  }

  /** Replaces the plan for every request that starts from now on; its generation never falls. */
  public void publish(RoutePlan next) {
    publishing.lock();
    try {
      if (next.generation() < plan.generation()) {
        throw new IllegalArgumentException(
            "a published plan's generation is at least %d, not %d"
                .formatted(plan.generation(), next.generation()));
      }
      plan = next;
    } finally {
      publishing.unlock();
    }
  }
}
