package weir.observation;

import java.util.Locale;
import weir.inference.Variant;

/** Someone who compares shadows; told on the copies' own threads, and of drops on the request's. */
public interface ShadowObserver {
  /** Why a copy was not computed. */
  enum Drop {
    /** As many copies as may be are in flight. */
    COPIES,
    /** The copies in flight hold as many bytes as they may. */
    BYTES,
    /** Live requests need what the copy would have taken. */
    BUSY,
    /** The shadow's version cannot serve now. */
    MISSING,
    /** The gateway is closing. */
    CLOSING;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }

  void compared(ShadowAnswer answer);

  void dropped(Variant shadow, Drop reason);
}
