package weir.config;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${NAME}} and {@code ${NAME:-default}} by the environment; a doubled dollar sign,
 * {@code $${NAME}}, stands for the text itself. As in a shell, the default also stands in for an
 * empty variable.
 */
final class Substitution {
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?<escaped>\\$\\$\\{)"
              + "|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?}"
              + "|(?<broken>\\$\\{)");

  private final Map<String, String> environment;
  private final Problems problems;

  Substitution(Map<String, String> environment, Problems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  /** Whether the text has something to replace. */
  static boolean concerns(String text) {
    return text.contains("${");
  }

  /** The text as it has to be written for {@link #apply} to give it back. */
  static String escape(String text) {
    return text.replace("${", "$${");
  }

  /** The replaced text, or empty when a problem was reported. */
  Optional<String> apply(String text, String path, int line) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder replaced = new StringBuilder();
    boolean whole = true;
    int end = 0;
    while (matcher.find()) {
      replaced.append(text, end, matcher.start());
      end = matcher.end();
      Optional<String> value = valueOf(matcher, path, line);
      value.ifPresent(replaced::append);
      whole &= value.isPresent();
    }
    replaced.append(text, end, text.length());
    return whole ? Optional.of(replaced.toString()) : Optional.empty();
  }

  private Optional<String> valueOf(Matcher matcher, String path, int line) {
    if (matcher.group("escaped") != null) {
      return Optional.of("${");
    }
    String name = matcher.group("name");
    if (name == null) {
      problems.add(
          path, line, "has ${ without a name and }", "write ${NAME}, or $${ for the text ${");
      return Optional.empty();
    }
    String value = environment.getOrDefault(name, "");
    String standIn = matcher.group("default");
    if (!value.isEmpty() || (standIn == null && environment.containsKey(name))) {
      return Optional.of(value);
    }
    if (standIn == null) {
      problems.add(
          path,
          line,
          "the environment variable " + name + " is not set",
          "set it, or write ${" + name + ":-default}");
    }
    return Optional.ofNullable(standIn);
  }
}
