package weir.routing;

import java.time.Duration;

/**
 * What a bandit's shares follow, and how.
 *
 * @param floor the least share of an arm that was not taken out
 * @param outcomesMin matured outcomes that every arm needs before the shares move
 * @param every how often they move at most
 * @param memory outcomes of predictions older than this count no more
 */
public record BanditTerms(
    Goal goal, double floor, long outcomesMin, Duration every, Duration memory) {
  /** What the arms compete for; all of it comes as feedback. */
  public enum Goal {
    /** The highest mean of feedback of the kind {@code reward}. */
    REWARD,
    /** The lowest one. */
    COST,
    /** The largest share of labels that are what the version said. */
    ACCURACY
  }

  private static final Duration EVERY_MIN = Duration.ofSeconds(1);
  private static final Duration EVERY_MAX = Duration.ofDays(1);
  private static final Duration MEMORY_MIN = Duration.ofHours(1);
  private static final Duration MEMORY_MAX = Duration.ofDays(90);

  public BanditTerms {
    if (!(floor > 0 && floor <= 0.5)) {
      throw new IllegalArgumentException("floor lies above 0 and up to 0.5, not " + floor);
    }
    if (outcomesMin < 2) {
      throw new IllegalArgumentException("outcomes-min is at least 2, not " + outcomesMin);
    }
    if (every.compareTo(EVERY_MIN) < 0 || every.compareTo(EVERY_MAX) > 0) {
      throw new IllegalArgumentException("every must lie between 1s and 24h, not " + every);
    }
    if (memory.compareTo(MEMORY_MIN) < 0 || memory.compareTo(MEMORY_MAX) > 0) {
      throw new IllegalArgumentException("memory must lie between 1h and 90 days, not " + memory);
    }
  }
}
