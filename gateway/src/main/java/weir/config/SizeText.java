package weir.config;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as text: bytes, or a whole number and its unit, {@code 64MiB}, {@code 10KB}. */
final class SizeText {
  static final String PATTERN = "(0|[1-9][0-9]*)(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?";

  private static final Pattern COMPILED = Pattern.compile(PATTERN);
  private static final SequencedMap<String, Long> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("TiB", 1L << 40);
    UNITS.put("GiB", 1L << 30);
    UNITS.put("MiB", 1L << 20);
    UNITS.put("KiB", 1L << 10);
    UNITS.put("TB", 1_000_000_000_000L);
    UNITS.put("GB", 1_000_000_000L);
    UNITS.put("MB", 1_000_000L);
    UNITS.put("KB", 1_000L);
    UNITS.put("B", 1L);
  }

  private SizeText() {}

  /** The number of bytes, or empty when the text is no size or does not fit a long. */
  static Optional<Long> parse(String text) {
    Matcher matcher = COMPILED.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit = matcher.group(2) == null ? 1L : UNITS.getOrDefault(matcher.group(2), 1L);
    try {
      return Optional.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
    } catch (NumberFormatException | ArithmeticException tooLarge) {
      return Optional.empty();
    }
  }

  /** The text in the largest unit that takes the size without a rest, binary units first. */
  static String format(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size in settings is at least 0 bytes, not " + bytes);
    }
    return UNITS.entrySet().stream()
        .filter(unit -> bytes >= unit.getValue() && bytes % unit.getValue() == 0)
        .findFirst()
        .map(unit -> bytes / unit.getValue() + unit.getKey())
        .orElse("0B");
  }
}
