package weir.rollout;

import java.time.Duration;
import java.util.List;

/**
 * How a rollout of one model goes.
 *
 * <p>{@code steps}: the candidate's shares in percent, growing; the last one is 100 and means
 * promotion. {@code stepMin}, {@code stepMax}: how long a step lasts at least, and when it ends
 * without a verdict. {@code manual}: the steps that wait for an approval before they begin. {@code
 * shadow}: how long the candidate gets copies of requests before the first step. {@code dryRun}:
 * decisions are told and not taken, a rollback neither.
 */
public record RolloutSettings(
    List<Double> steps,
    Duration stepMin,
    Duration stepMax,
    List<Double> manual,
    Duration shadow,
    boolean dryRun,
    OnDrift onDrift) {

  /** What drift of the candidate does to a rollout. */
  public enum OnDrift {
    HOLD,
    IGNORE
  }

  static final double PROMOTION = 100;

  /** The share of requests that are copied while shadowing; the dispatcher's bounds thin them. */
  static final double SHADOW_SHARE = 1;

  private static final int STEPS_MAX = 20;
  private static final double STEP_PERCENT_MIN = 0.01;
  private static final Duration TIME_MAX = Duration.ofDays(30);

  public RolloutSettings {
    steps = List.copyOf(steps);
    manual = List.copyOf(manual);
    if (steps.size() < 2 || steps.size() > STEPS_MAX || steps.getLast() != PROMOTION) {
      throw new IllegalArgumentException(
          "steps must be 2 to %d percentages, the last one 100, not %s"
              .formatted(STEPS_MAX, steps));
    }
    double before = 0;
    for (double step : steps) {
      if (!(step >= STEP_PERCENT_MIN && step > before)) {
        throw new IllegalArgumentException(
            "steps must grow from at least %s, not %s".formatted(STEP_PERCENT_MIN, steps));
      }
      before = step;
    }
    if (!steps.containsAll(manual)) {
      throw new IllegalArgumentException(
          "manual must name steps of %s, not %s".formatted(steps, manual));
    }
    if (stepMin.isNegative() || stepMin.compareTo(stepMax) >= 0) {
      throw new IllegalArgumentException(
          "step-min must be at least 0s and below step-max, not %s and %s"
              .formatted(stepMin, stepMax));
    }
    if (stepMax.compareTo(TIME_MAX) > 0) {
      throw new IllegalArgumentException("step-max must be at most 30d, not " + stepMax);
    }
    if (shadow.isNegative() || shadow.compareTo(TIME_MAX) > 0) {
      throw new IllegalArgumentException("shadow must lie between 0s and 30d, not " + shadow);
    }
  }

  public static RolloutSettings defaults() {
    return new RolloutSettings(
        List.of(1.0, 5.0, 25.0, 50.0, PROMOTION),
        Duration.ofMinutes(10),
        Duration.ofHours(24),
        List.of(),
        Duration.ZERO,
        false,
        OnDrift.IGNORE);
  }

  int last() {
    return steps.size() - 1;
  }

  boolean manual(int step) {
    return manual.contains(steps.get(step));
  }
}
