package weir.drift;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a signal is read: one element of each row of one tensor. */
public record Place(Side side, String tensor, int element) {
  /** What the client sent, or what the model answered. */
  public enum Side {
    INPUT,
    OUTPUT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in reports, logs and metrics. */
    @JsonValue
    public String label() {
      return label;
    }
  }

  public Place {
    if (tensor.isEmpty() || element < 0) {
      throw new IllegalArgumentException(
          "a place names a tensor and an element from 0, not '" + tensor + "', " + element);
    }
  }
}
