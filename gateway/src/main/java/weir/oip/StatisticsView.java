package weir.oip;

/**
 * One variant's statistics in the shape that Triton reports them.
 *
 * <p>{@code lastInferenceMs} is since the epoch. {@code inferenceCount} and {@code executionCount}
 * leave out cache hits; {@code success} holds them.
 */
public record StatisticsView(
    String version,
    long lastInferenceMs,
    long inferenceCount,
    long executionCount,
    Tally success,
    Tally fail,
    Tally queue,
    Tally computeInput,
    Tally computeInfer,
    Tally computeOutput,
    Tally cacheHit,
    Tally cacheMiss) {
  /** How often something happened and how long it took in all. */
  public record Tally(long count, long nanos) {
    public static final Tally NONE = new Tally(0, 0);
  }
}
