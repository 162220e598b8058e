package weir.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as text: a whole number and its unit, {@code 250ms}, {@code 7d}. */
final class DurationText {
  static final String PATTERN = "(0|[1-9][0-9]*)(ns|us|ms|s|m|h|d)";

  private static final Pattern COMPILED = Pattern.compile(PATTERN);
  private static final SequencedMap<String, ChronoUnit> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("d", ChronoUnit.DAYS);
    UNITS.put("h", ChronoUnit.HOURS);
    UNITS.put("m", ChronoUnit.MINUTES);
    UNITS.put("s", ChronoUnit.SECONDS);
    UNITS.put("ms", ChronoUnit.MILLIS);
    UNITS.put("us", ChronoUnit.MICROS);
    UNITS.put("ns", ChronoUnit.NANOS);
  }

  private DurationText() {}

  /** The duration, or empty when the text is none or its nanoseconds do not fit a long. */
  static Optional<Duration> parse(String text) {
    Matcher matcher = COMPILED.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      ChronoUnit unit = UNITS.getOrDefault(matcher.group(2), ChronoUnit.NANOS);
      long nanos = Math.multiplyExact(Long.parseLong(matcher.group(1)), nanosOf(unit));
      return Optional.of(Duration.ofNanos(nanos));
    } catch (NumberFormatException | ArithmeticException tooLarge) {
      return Optional.empty();
    }
  }

  /** The text in the largest unit that takes the duration without a rest. */
  static String format(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a duration in settings is at least 0s, not " + duration);
    }
    if (duration.isZero()) {
      return "0s";
    }
    long nanos = duration.toNanos();
    return UNITS.entrySet().stream()
        .filter(unit -> nanos % nanosOf(unit.getValue()) == 0)
        .findFirst()
        .map(unit -> nanos / nanosOf(unit.getValue()) + unit.getKey())
        .orElseThrow();
  }

  private static long nanosOf(ChronoUnit unit) {
    return unit.getDuration().toNanos();
  }
}
