package weir.access;

import java.util.Map;
import java.util.Optional;

/**
 * How often callers may ask: each has {@code standard}, unless {@code callers} has one by name, and
 * no limit where neither is. {@code failures} bounds failed authentications of one address.
 */
public record LimitSettings(Optional<Rate> standard, Map<String, Rate> callers, Rate failures) {
  /** So many requests a second in the long run, and so many at once. */
  public record Rate(double perSecond, int burst) {
    public Rate {
      if (!(perSecond > 0 && perSecond <= 1e6)) {
        throw new IllegalArgumentException(
            "per-second must be more than 0 and at most 1000000, not " + perSecond);
      }
      if (burst < 1 || burst > 1_000_000) {
        throw new IllegalArgumentException("burst must lie between 1 and 1000000, not " + burst);
      }
    }
  }

  public LimitSettings {
    callers = Map.copyOf(callers);
  }

  public static LimitSettings defaults() {
    return new LimitSettings(Optional.empty(), Map.of(), new Rate(1, 20));
  }
}
