package weir.observation;

import io.prometheus.metrics.core.metrics.Counter;
import java.util.Locale;

/** Counts feedback by model and by what became of it. */
public final class FeedbackMeters {
  /** What became of one value that was sent as feedback. */
  public enum Result {
    ACCEPTED,
    /** This prediction has feedback of this kind already. */
    DUPLICATE,
    /** Not an id, or not a value. */
    MALFORMED,
    /** Names a key in use that did not sign it. */
    FORGED,
    /** Signed with a key that is not known here. */
    UNKNOWN_KEY,
    /** The id of another model's prediction. */
    FOREIGN,
    /** The prediction is older than the label window. */
    EXPIRED,
    /** The journal could not be written; sending it again is safe. */
    UNAVAILABLE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }

  private final Counter counter;

  FeedbackMeters(Families families) {
    counter = families.counter(Metric.FEEDBACK);
  }

  /** Counts one value sent for {@code model}, which is configured. */
  public void count(String model, Result result) {
    counter.labelValues(model, result.label()).inc();
  }
}
