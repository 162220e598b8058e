package weir.demo;

/**
 * How close a version's prices come to the real ones.
 *
 * @param offBy mean absolute error in US dollars
 * @param withinTenPercent share of the prices at most 10 % off the real one
 * @param standardError of {@code offBy}
 */
record Pricing(long answers, double offBy, double withinTenPercent, double standardError) {
  static final Pricing NONE = new Pricing(0, 0, 0, 0);
  private static final long ANSWERS_MIN = 100;
  private static final double CLEAR = 3;

  /** Whether the two differ by more than chance: three standard errors, on 100 answers each. */
  boolean clearlyDiffersFrom(Pricing other) {
    return answers >= ANSWERS_MIN
        && other.answers >= ANSWERS_MIN
        && Math.abs(offBy - other.offBy) > CLEAR * Math.hypot(standardError, other.standardError);
  }

  /** Running sums of one version's prices; not thread-safe. */
  static final class Sums {
    private long answers;
    private long within;
    private double mean;
    private double squares;

    /** Welford's update of mean and squared deviations. */
    void add(double price, double real) {
      double error = Math.abs(price - real);
      answers++;
      double before = error - mean;
      mean += before / answers;
      squares += before * (error - mean);
      if (error <= 0.1 * real) {
        within++;
      }
    }

    Pricing pricing() {
      if (answers == 0) {
        return NONE;
      }
      double variance = answers < 2 ? 0 : squares / (answers - 1);
      return new Pricing(answers, mean, (double) within / answers, Math.sqrt(variance / answers));
    }
  }
}
