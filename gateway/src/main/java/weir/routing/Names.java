package weir.routing;

import java.nio.charset.StandardCharsets;

/** The bound on every name of this package: a prediction id gives its length one byte. */
final class Names {
  static final int BYTES_MAX = 255;

  private static final int BYTES_PER_CHAR_MAX = 3;

  private Names() {}

  static String checked(String what, String name) {
    if (name.isEmpty() || !fits(name, BYTES_MAX)) {
      throw new IllegalArgumentException(
          "%s has 1 to %d bytes of UTF-8, not '%s'".formatted(what, BYTES_MAX, name));
    }
    return name;
  }

  static boolean fits(String text, int bytesMax) {
    return text.length() <= bytesMax / BYTES_PER_CHAR_MAX
        || (text.length() <= bytesMax && text.getBytes(StandardCharsets.UTF_8).length <= bytesMax);
  }
}
