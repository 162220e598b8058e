package weir.observation;

/**
 * The cumulative counts of one variant: what Triton's statistics extension asks for, and {@code
 * traffic}.
 *
 * <p>{@code success} and {@code fail} are whole requests; {@code queue} is the wait for a turn at
 * the backend; {@code computeInfer} is the model alone. A cache miss takes no time of its own.
 * {@code lastInferenceMillis} is of the Unix epoch, 0 before the first.
 */
public record VariantStatistics(
    long lastInferenceMillis,
    long inferenceCount,
    long executionCount,
    Total success,
    Total fail,
    Total queue,
    Total computeInfer,
    Total cacheHit,
    Total cacheMiss,
    VariantTraffic traffic) {
  /** How many, and how long together. */
  public record Total(long count, long nanos) {
    public static final Total NONE = new Total(0, 0);
  }

  /** Of a variant that nothing has happened to. */
  public static final VariantStatistics NONE =
      new VariantStatistics(
          0,
          0,
          0,
          Total.NONE,
          Total.NONE,
          Total.NONE,
          Total.NONE,
          Total.NONE,
          Total.NONE,
          VariantTraffic.NONE);
}
