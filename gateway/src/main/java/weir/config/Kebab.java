package weir.config;

import java.util.Locale;

/** Java names as they are written in a configuration: {@code maxBody} is {@code max-body}. */
final class Kebab {
  private Kebab() {}

  /** The key of a component or the name of a type. */
  static String ofName(String camelCase) {
    return camelCase
        .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1-$2")
        .toLowerCase(Locale.ROOT);
  }

  /** The value that stands for an enum's constant. */
  static String ofConstant(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
