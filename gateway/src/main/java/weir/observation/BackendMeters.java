package weir.observation;

import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import java.util.Locale;
import java.util.function.IntSupplier;

/** What one variant's backend reports about itself; kept by the backend, safe on any thread. */
public final class BackendMeters {
  /** How one call to a backend ended. */
  public enum Attempt {
    OK,
    TIMEOUT,
    FAILED,
    UNREACHABLE,
    INVALID,
    REFUSED,
    BUSY,
    BROKEN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }

  private final GaugeDataPoint up;
  private final EnumCounters<Attempt> attempts;
  private final DurationHistogram.Series queueSeconds;
  private volatile IntSupplier inFlight = () -> 0;
  private volatile IntSupplier limit = () -> 0;

  BackendMeters(
      GaugeDataPoint up, EnumCounters<Attempt> attempts, DurationHistogram.Series queueSeconds) {
    this.up = up;
    this.attempts = attempts;
    this.queueSeconds = queueSeconds;
  }

  public void up(boolean ready) {
    up.set(ready ? 1 : 0);
  }

  public void attempted(Attempt attempt) {
    attempts.increment(attempt);
  }

  /** A request waited that long for its turn, 0 when it had it at once. */
  public void queued(long nanos) {
    queueSeconds.observe(nanos);
  }

  /** From now on these tell at each scrape how many requests are in work or wait, and may be. */
  public void limited(IntSupplier inFlight, IntSupplier limit) {
    this.inFlight = inFlight;
    this.limit = limit;
  }

  int inFlight() {
    return inFlight.getAsInt();
  }

  int limit() {
    return limit.getAsInt();
  }

  VariantStatistics.Total queue() {
    return queueSeconds.total();
  }
}
