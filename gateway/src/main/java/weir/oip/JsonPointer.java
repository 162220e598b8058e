package weir.oip;

import java.util.ArrayList;
import java.util.List;

/**
 * A place in a JSON text by RFC 6901, in which the whole segment {@code *} stands for each element
 * of an array; at most one may.
 */
public record JsonPointer(String text, List<String> segments) {
  static final String EACH = "*";

  public JsonPointer {
    segments = List.copyOf(segments);
  }

  /** Reads a pointer; an {@link IllegalArgumentException} says what is wrong with it. */
  public static JsonPointer parse(String text) {
    if (!text.isEmpty() && !text.startsWith("/")) {
      throw new IllegalArgumentException(
          "a JSON Pointer is empty or starts with '/', not '" + text + "'");
    }
    List<String> segments = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int slash = text.indexOf('/', from + 1);
      int to = slash < 0 ? text.length() : slash;
      segments.add(segment(text, text.substring(from + 1, to)));
      from = to;
    }
    if (segments.stream().filter(EACH::equals).count() > 1) {
      throw new IllegalArgumentException("a JSON Pointer has at most one '*', not '" + text + "'");
    }
    return new JsonPointer(text, segments);
  }

  private static String segment(String text, String escaped) {
    for (int at = escaped.indexOf('~'); at >= 0; at = escaped.indexOf('~', at + 1)) {
      if (!escaped.startsWith("0", at + 1) && !escaped.startsWith("1", at + 1)) {
        throw new IllegalArgumentException(
            "in a JSON Pointer '~' is followed by 0 or 1, not as in '" + text + "'");
      }
    }
    return escaped.replace("~1", "/").replace("~0", "~");
  }

  /** Whether it names a place for each row. */
  public boolean each() {
    return segments.contains(EACH);
  }
}
