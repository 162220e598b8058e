package weir.backend;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.IntConsumer;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * How many threads carry the process's virtual threads: one per processor, and more while native
 * calls hold all of them for long; {@code gateway/decisions/calls-that-hang.md}.
 *
 * <p>More carriers than processors cost each request wake-ups and switches that it does not need.
 */
final class Carriers {
  /** Whoever sets this has decided. */
  private static final String SET = "jdk.virtualThreadScheduler.parallelism";

  /** How long they stay after the last long call that was seen. */
  static final Duration KEPT = Duration.ofSeconds(10);

  private final int few;
  private final int many;
  private final IntConsumer scheduler;
  private boolean heldBefore;
  private boolean raised;
  private long heldNanos;

  Carriers(int few, int many, IntConsumer scheduler) {
    this.few = few;
    this.many = Math.max(few, many);
    this.scheduler = scheduler;
  }

  static Carriers ofTheProcess(int many) {
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    int few = scheduler.getParallelism();
    return new Carriers(
        few, System.getProperty(SET) == null ? many : few, scheduler::setParallelism);
  }

  /**
   * {@code longCalls} run now, each holding a carrier. That they hold all of them is believed at
   * the second look: once it may be the system that took the processors from calls that are short.
   */
  void look(int longCalls, long nowNanos) {
    boolean held = longCalls >= few;
    boolean believed = held && heldBefore;
    heldBefore = held;
    if (held) {
      heldNanos = nowNanos;
    }
    if (believed && !raised && many > few) {
      raised = true;
      scheduler.accept(many);
      // A new carrier begins with the next virtual thread that is ready, and takes those waiting.
      Thread.startVirtualThread(() -> {});
    } else if (raised && nowNanos - heldNanos > KEPT.toNanos()) {
      raised = false;
      scheduler.accept(few);
    }
  }
}
