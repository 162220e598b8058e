package weir.demo;

import java.time.Duration;
import java.util.Locale;

/** How numbers are written, the same in every place and locale. */
final class Figures {
  private Figures() {}

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String whole(double number) {
    return String.format(Locale.ROOT, "%.0f", number);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  static String dollars(double amount) {
    return String.format(Locale.ROOT, "$%,d", Math.round(amount));
  }

  static String latency(Duration time) {
    double millis = time.toNanos() / 1e6;
    if (time.isZero()) {
      return "-";
    }
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.2f ms", millis);
    }
    return millis < 1_000
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / 1_000);
  }

  static String clock(Duration time) {
    String minutes =
        String.format(Locale.ROOT, "%02d:%02d", time.toMinutesPart(), time.toSecondsPart());
    return time.toHours() == 0 ? minutes : time.toHours() + ":" + minutes;
  }
}
