package weir.drift;

import java.util.Locale;

/** What one cell of a CSV file says of one signal. */
sealed interface Cell {
  Missing MISSING = new Missing();

  record Missing() implements Cell {}

  record Numeric(double value) implements Cell {}

  record Category(String text) implements Cell {}

  record Bad(String problem) implements Cell {}

  /** The cell as the model's tensor would carry it. */
  static Cell parse(String text, Plan plan) {
    if (text.isEmpty()) {
      return MISSING;
    }
    return switch (plan.datatype().kind()) {
      case BYTES -> new Category(text);
      case BOOLEAN -> truth(text);
      case SIGNED, UNSIGNED -> plan.categorical() ? whole(text) : number(text, plan);
      case FLOATING -> number(text, plan);
    };
  }

  private static Cell truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> new Category("true");
      case "false", "0" -> new Category("false");
      default -> new Bad("is not true or false");
    };
  }

  private static Cell whole(String text) {
    try {
      return new Category(Long.toString(Long.parseLong(text.strip())));
    } catch (NumberFormatException e) {
      return new Bad("is not a whole number");
    }
  }

  private static Cell number(String text, Plan plan) {
    switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "", "nan", "na", "null" -> {
        return MISSING;
      }
      default -> {}
    }
    try {
      double value = Elements.carried(plan.datatype(), Double.parseDouble(text));
      return Double.isFinite(value) ? new Numeric(value) : new Bad("is beyond its datatype");
    } catch (NumberFormatException e) {
      return new Bad("is not a number");
    }
  }
}
