package weir.experiment;

import java.util.Locale;

/** Numbers as people read them. */
final class Words {
  private static final double PERCENT = 100;
  private static final long THREE_DIGITS = 100;

  private Words() {}

  /** {@code 4,031}. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Three digits that matter: {@code 0.0372}, {@code 1.25}, {@code 212}. */
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
    int digits = size == 0 ? 1 : Math.clamp(2 - (int) Math.floor(Math.log10(size)), 1, 9);
    return trimmed(String.format(Locale.ROOT, "%." + digits + "f", value));
  }

  private static String trimmed(String decimal) {
    return decimal.contains(".") ? decimal.replaceAll("\\.?0+$", "") : decimal;
  }

  /** Rounded up to two digits: {@code 720} for 713. */
  static String about(long value) {
    long unit = 1;
    while (value / unit >= THREE_DIGITS) {
      unit *= 10;
    }
    return count((value + unit - 1) / unit * unit);
  }

  /** {@code 0.93 %}. */
  static String percent(double share) {
    return number(PERCENT * share) + " %";
  }
}
