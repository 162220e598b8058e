package weir.observation;

import static java.util.Objects.requireNonNull;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** What is counted of a variant that computes elsewhere; used on any thread. */
public final class RemoteMeters {
  private final BackendMeters backend;
  private final CounterDataPoint sent;
  private final CounterDataPoint denied;
  private final CounterDataPoint lastResorts;
  private final AtomicReference<Supplier<RemoteReading>> shown =
      new AtomicReference<>(RemoteMeters::nothing);

  RemoteMeters(
      BackendMeters backend,
      CounterDataPoint sent,
      CounterDataPoint denied,
      CounterDataPoint lastResorts) {
    this.backend = backend;
    this.sent = sent;
    this.denied = denied;
    this.lastResorts = lastResorts;
  }

  /** The meters that every backend has. */
  public BackendMeters backend() {
    return backend;
  }

  /** A failed request is sent again. */
  public void retried() {
    sent.inc();
  }

  /** A failed request is not sent again, for want of budget. */
  public void retryDenied() {
    denied.inc();
  }

  /** A request goes to an endpoint that is down or left out, because no other is there. */
  public void lastResort() {
    lastResorts.inc();
  }

  /** From now on {@code reading} tells the variant's gauges at each scrape, quickly. */
  public void show(Supplier<RemoteReading> reading) {
    shown.set(reading);
  }

  /** Shows nothing any more, unless another reading was shown since {@code reading}. */
  public void hide(Supplier<RemoteReading> reading) {
    shown.compareAndSet(reading, RemoteMeters::nothing);
  }

  private static RemoteReading nothing() {
    return RemoteReading.NONE;
  }

  RemoteReading read() {
    return requireNonNull(shown.get()).get();
  }
}
