package weir.journal;

/**
 * What is to be recorded: its type, who did it, why in words, and the details as JSON text, which
 * the journal does not read.
 */
public record Entry(String type, String actor, String why, String json) {
  /** The most characters of {@code json}. */
  public static final int JSON_CHARS_MAX = 1 << 20;

  public Entry {
    if (type.isBlank() || actor.isBlank()) {
      throw new IllegalArgumentException("An entry has a type and an actor; one is blank");
    }
    if (json.length() > JSON_CHARS_MAX) {
      throw new IllegalArgumentException(
          "json has %d characters; at most %d are recorded"
              .formatted(json.length(), JSON_CHARS_MAX));
    }
  }
}
