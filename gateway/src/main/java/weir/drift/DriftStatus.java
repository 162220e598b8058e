package weir.drift;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What can be said of a signal, from the quietest to the loudest. */
public enum DriftStatus {
  /** Two windows with enough rows, and no effect that is both large and significant in both. */
  OK(0),
  /** Too few rows in one of the last two windows to say anything. */
  INSUFFICIENT(-1),
  WARN(1),
  DRIFT(2);

  private final int gauge;
  private final String label = name().toLowerCase(Locale.ROOT);

  DriftStatus(int gauge) {
    this.gauge = gauge;
  }

  /** The value of the metric: −1 insufficient, 0 ok, 1 warn, 2 drift. */
  public int gauge() {
    return gauge;
  }

  /** The word in reports, logs and metrics. */
  @JsonValue
  public String label() {
    return label;
  }

  /** The louder of two. */
  DriftStatus or(DriftStatus other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
