package weir.routing;

import java.util.Locale;

/** Why an assignment gave its version; the closed set behind a metric's {@code because}. */
public enum Because {
  MATCHED,
  PINNED,
  FIXED,
  SPLIT,
  BANDIT,
  FALLBACK;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The value of the metric's label. */
  public String label() {
    return label;
  }
}
