package weir.routing;

/** The configured score output of a prediction, as far as its id carries it. */
public sealed interface Score {
  /** The model has no configured score, or none that fits. */
  record None() implements Score {}

  record Value(float value) implements Score {}

  /** A class: its name, or its number in decimal; at most {@link #BYTES_MAX} bytes of UTF-8. */
  record Label(String text) implements Score {
    public static final int BYTES_MAX = 64;

    public Label {
      if (!Names.fits(text, BYTES_MAX)) {
        throw new IllegalArgumentException(
            "a score's label has at most %d bytes of UTF-8, not '%s'".formatted(BYTES_MAX, text));
      }
    }
  }

  /** A label, or {@link None} when the text is too long to carry. */
  static Score label(String text) {
    return Names.fits(text, Label.BYTES_MAX) ? new Label(text) : new None();
  }
}
