package weir.observation;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** What the journal reports about itself; kept by the journal, safe on any thread. */
public final class JournalMeters {
  /** What the journal was asked to do. */
  public enum Operation {
    APPEND,
    CHECKPOINT,
    FEEDBACK,
    READ;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  /** No write yet. */
  private static final long NEVER = Long.MIN_VALUE;

  private final Histogram appendSeconds;
  private final EnumCounters<Operation> failures;
  private final Gauge feedbackRows;
  private final AtomicLong lastWriteMillis = new AtomicLong(NEVER);

  JournalMeters(Families families) {
    appendSeconds = families.wholeHistogram(Metric.JOURNAL_APPEND_DURATION);
    Counter failed = families.counter(Metric.JOURNAL_FAILURES);
    failures =
        new EnumCounters<>(Operation.class, operation -> failed.labelValues(operation.label()));
    feedbackRows = families.gauge(Metric.JOURNAL_FEEDBACK_ROWS);
    families.gauge(
        Metric.JOURNAL_LAST_WRITE,
        gauge -> {
          long millis = lastWriteMillis.get();
          if (millis != NEVER) {
            gauge.call(millis / MILLIS_PER_SECOND);
          }
        });
  }

  /** An append was answered after that long. */
  public void appended(long nanos) {
    appendSeconds.observe(nanos / NANOS_PER_SECOND);
  }

  /** Something could not be done. */
  public void failed(Operation operation) {
    failures.increment(operation);
  }

  /** A transaction became durable. */
  public void wrote(Instant at) {
    lastWriteMillis.accumulateAndGet(at.toEpochMilli(), Math::max);
  }

  /** So many rows of feedback are kept. */
  public void feedbackRows(long rows) {
    feedbackRows.set((double) rows);
  }
}
