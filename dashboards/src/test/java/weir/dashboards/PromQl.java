package weir.dashboards;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be told of a query in PromQL by its text. */
final class PromQl {
  private static final Pattern NOT_NAMES =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|\\{[^}]*\\}|\\[[^\\]]*\\]"
              + "|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w.:])[a-zA-Z_:][a-zA-Z0-9_:]*(?![\\w:]|\\s*\\()");
  private static final Pattern WORD =
      Pattern.compile("and|or|unless|bool|offset|by|without|on|ignoring|[Ii]nf|[Nn]a[Nn]");

  private PromQl() {}

  /** The metrics that {@code expression} reads. */
  static Set<String> metrics(String expression) {
    String withoutStrings = STRING.matcher(expression).replaceAll("\"\"");
    Matcher names = NAME.matcher(NOT_NAMES.matcher(withoutStrings).replaceAll(" "));
    Set<String> found = new TreeSet<>();
    while (names.find()) {
      if (!WORD.matcher(names.group()).matches()) {
        found.add(names.group());
      }
    }
    return found;
  }
}
