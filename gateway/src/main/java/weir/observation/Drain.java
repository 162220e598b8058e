package weir.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that one virtual thread empties, batch by batch, into a sink that may be slow.
 *
 * <p>{@link #offer} never waits: what finds no room is dropped and counted. After a batch the
 * thread lingers, so that the next one is worth its wake-up, unless the queue is half full. A sink
 * that throws loses its batch, is logged at most once per minute, and is asked again.
 */
final class Drain<T> implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger("weir.observation");
  private static final Duration LOG_WINDOW = Duration.ofMinutes(1);
  private static final Duration INTERRUPT_WITHIN = Duration.ofMillis(500);

  private static final long SLOT_WAIT_NANOS = 1_000;

  /** What a drain is made of, apart from its sink. */
  record Limits(int queueDepthMax, int batchMax, Duration linger, Duration closeWithin) {}

  private final String name;
  private final Limits limits;
  private final Consumer<List<T>> sink;
  private final LongConsumer dropped;
  private final LogLimit logLimit;
  private final BoundedRing<T> ring;
  private final int wakeDepth;
  private final Thread worker;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean idle;
  private volatile boolean abandoned;

  Drain(
      String name,
      Limits limits,
      Consumer<List<T>> sink,
      LongConsumer dropped,
      LongSupplier nanoTime) {
    this.name = name;
    this.limits = limits;
    this.sink = sink;
    this.dropped = dropped;
    this.logLimit = new LogLimit(1, LOG_WINDOW, nanoTime);
    this.ring = new BoundedRing<>(limits.queueDepthMax());
    this.wakeDepth = limits.queueDepthMax() / 2;
    this.worker = Thread.ofVirtual().name("drain-" + name).unstarted(this::run);
  }

  Drain<T> start() {
    worker.start();
    return this;
  }

  /** Hands {@code element} on when there is room, and counts it as dropped when there is none. */
  void offer(T element) {
    int before = closing.get() ? -1 : ring.offer(element);
    if (before < 0) {
      dropped.accept(1);
    } else if (idle || before == wakeDepth) {
      idle = false;
      LockSupport.unpark(worker);
    }
  }

  /** Counts {@code elements} that the sink did not take, and says why, once per minute. */
  void lost(int elements, Throwable why) {
    dropped.accept(elements);
    long suppressed = logLimit.admit();
    if (suppressed != LogLimit.SUPPRESSED) {
      LOG.log(
          Level.WARNING,
          why,
          () ->
              "sink '%s' failed and lost %d entries (%d such failures not logged since the last line)"
                  .formatted(name, elements, suppressed));
    }
  }

  /** Whether closing took too long, so that what is left is to be dropped and not delivered. */
  boolean abandoned() {
    return abandoned;
  }

  private void run() {
    List<T> batch = new ArrayList<>(Math.min(limits.batchMax(), limits.queueDepthMax()));
    while (!abandoned) {
      fill(batch);
      if (!batch.isEmpty()) {
        deliver(batch);
        if (ring.depth() < limits.batchMax() && !closing.get()) {
          LockSupport.parkNanos(limits.linger().toNanos());
        }
      } else if (closing.get()) {
        return;
      } else {
        idle = true;
        if (!ring.isEmpty()) {
          LockSupport.parkNanos(SLOT_WAIT_NANOS); // a producer is about to fill its slot
        } else if (!closing.get()) {
          LockSupport.park();
        }
        idle = false;
      }
    }
  }

  private void fill(List<T> batch) {
    batch.clear();
    while (batch.size() < limits.batchMax()) {
      @Nullable T element = ring.poll();
      if (element == null) {
        return;
      }
      batch.add(element);
    }
  }

  private void deliver(List<T> batch) {
    try {
      sink.accept(batch);
    } catch (Throwable failure) { // the one catch-all of this thread
      lost(batch.size(), failure);
    }
  }

  /** Delivers what is queued within the bound; what is left then is dropped and counted. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    LockSupport.unpark(worker);
    try {
      if (!worker.join(limits.closeWithin())) {
        abandoned = true;
        worker.interrupt();
        worker.join(INTERRUPT_WITHIN);
      }
    } catch (InterruptedException e) {
      abandoned = true;
      worker.interrupt();
      Thread.currentThread().interrupt();
    }
    long left = ring.depth();
    if (left > 0) {
      dropped.accept(left);
    }
  }
}
