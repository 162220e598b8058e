package weir.experiment;

import java.util.Locale;

/** Numbers as people read them. */
final class Words {
  private static final double PERCENT = 100;

  private Words() {}

  /** {@code 4,031}. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Two or three digits that matter: {@code 0.037}, {@code 9.6}, {@code 212}. */
  static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "more than can be told" : "less than can be told";
    }
    double size = Math.abs(value);
    if (size >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    if (size >= 10) {
      return trimmed(String.format(Locale.ROOT, "%.1f", value));
    }
    int digits = size == 0 ? 1 : Math.clamp(1 - (int) Math.floor(Math.log10(size)), 1, 9);
    return trimmed(String.format(Locale.ROOT, "%." + digits + "f", value));
  }

  private static String trimmed(String decimal) {
    return decimal.contains(".") ? decimal.replaceAll("\\.?0+$", "") : decimal;
  }

  /** {@code 0.93 %}. */
  static String percent(double share) {
    return number(PERCENT * share) + " %";
  }
}
