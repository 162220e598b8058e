package weir.observation;

import io.prometheus.metrics.core.metrics.Counter;
import java.util.Locale;
import java.util.function.Consumer;

/** The metric of notices, by the sink that they went to. Safe on any thread. */
public final class NoticeMeters {
  /** What became of one notice at one sink. */
  public enum Result {
    SENT,
    FAILED,
    DROPPED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }

  private final Counter notices;

  NoticeMeters(Families families) {
    notices = families.counter(Metric.NOTICES);
  }

  /** The counters, from 0, of the sink of that name. */
  public Consumer<Result> sink(String name) {
    EnumCounters<Result> counters =
        new EnumCounters<>(Result.class, result -> notices.labelValues(name, result.label()));
    return counters::increment;
  }
}
