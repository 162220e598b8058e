package weir.observation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * An observer that may be slow or fail, behind a bounded queue: the request never waits for it.
 *
 * <p>Observations without room, and those that the observer threw on, are dropped and counted as
 * {@code weir_observations_dropped_total{sink}}.
 */
public final class BufferedObserver implements Observer, AutoCloseable {
  private static final int BATCH_MAX = 512;
  private static final Duration LINGER = Duration.ofMillis(5);

  private final Observer slow;
  private final Drain<Observation> drain;

  private BufferedObserver(
      Observer slow,
      Drain.Limits limits,
      String sink,
      LongConsumer dropped,
      LongSupplier nanoTime) {
    this.slow = slow;
    this.drain = new Drain<>(sink, limits, this::deliver, dropped, nanoTime);
  }

  /** A running buffer of {@code queueDepthMax}; {@code close()} waits {@code closeWithin}. */
  public static BufferedObserver create(
      String sink, Observer slow, int queueDepthMax, Duration closeWithin, GatewayMetrics metrics) {
    return create(
        sink, slow, queueDepthMax, closeWithin, metrics.dropCounter(sink), System::nanoTime);
  }

  static BufferedObserver create(
      String sink,
      Observer slow,
      int queueDepthMax,
      Duration closeWithin,
      LongConsumer dropped,
      LongSupplier nanoTime) {
    if (queueDepthMax < 1) {
      throw new IllegalArgumentException(
          "the queue of sink '%s' holds at least 1, not %d".formatted(sink, queueDepthMax));
    }
    Drain.Limits limits = new Drain.Limits(queueDepthMax, BATCH_MAX, LINGER, closeWithin);
    BufferedObserver buffer = new BufferedObserver(slow, limits, sink, dropped, nanoTime);
    buffer.drain.start();
    return buffer;
  }

  @Override
  public void observe(Observation observation) {
    drain.offer(observation);
  }

  private void deliver(List<Observation> batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (drain.abandoned()) {
        drain.lost(batch.size() - i, new TimeoutException("closed before they were delivered"));
        return;
      }
      deliver(batch.get(i));
    }
  }

  private void deliver(Observation observation) {
    try {
      slow.observe(observation);
    } catch (RuntimeException failure) {
      drain.lost(1, failure);
    }
  }

  @Override
  public void close() {
    drain.close();
  }
}
