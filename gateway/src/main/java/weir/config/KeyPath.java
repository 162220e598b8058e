package weir.config;

import java.util.regex.Pattern;

/** How keys, positions and values of a configuration are named in problems. */
final class KeyPath {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/-]{1,80}");
  private static final int SHOWN_MAX = 60;

  private KeyPath() {}

  static String key(String parent, String key) {
    String shown = PLAIN.matcher(key).matches() ? key : quote(key);
    return parent.isEmpty() ? shown : parent + "." + shown;
  }

  static String item(String parent, int index) {
    return parent + "[" + index + "]";
  }

  /** The text in quotes on one line, shortened when long. */
  static String quote(String text) {
    String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
    return "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\"";
  }
}
