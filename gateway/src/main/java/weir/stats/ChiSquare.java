package weir.stats;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Pearson's χ² with its degrees of freedom; 0 degrees say that there was nothing to compare.
 *
 * <p>For one look at one window: this p-value may not be looked at again and again.
 */
public record ChiSquare(double statistic, int degrees) {
  public ChiSquare {
    if (!(statistic >= 0) || degrees < 0) {
      throw new IllegalArgumentException(
          "statistic and degrees are at least 0, not " + statistic + ", " + degrees);
    }
  }

  /**
   * Homogeneity of two rows of counts; columns empty on both sides are dropped, no Yates
   * correction.
   *
   * <p>Source: Pearson 1900. The χ² law holds well for about five expected rows per cell.
   */
  public static ChiSquare homogeneity(long[] baseline, long[] window) {
    if (baseline.length != window.length) {
      throw new IllegalArgumentException(
          "both sides have the same columns, not " + baseline.length + " and " + window.length);
    }
    double baselineTotal = 0;
    double windowTotal = 0;
    int columns = 0;
    for (int i = 0; i < baseline.length; i++) {
      if (baseline[i] < 0 || window[i] < 0) {
        throw new IllegalArgumentException("a count is at least 0");
      }
      baselineTotal += baseline[i];
      windowTotal += window[i];
      columns += baseline[i] + window[i] > 0 ? 1 : 0;
    }
    if (baselineTotal == 0 || windowTotal == 0) {
      throw new IllegalArgumentException("each side has at least one row");
    }
    double windowShare = windowTotal / (baselineTotal + windowTotal);
    double sum = 0;
    for (int i = 0; i < baseline.length; i++) {
      double column = (double) baseline[i] + window[i];
      if (column > 0) {
        double surplus = window[i] - column * windowShare;
        sum += surplus * surplus / (column * windowShare * (1 - windowShare));
      }
    }
    return new ChiSquare(sum, columns - 1);
  }

  /** The probability of a statistic at least as large when both sides are alike. */
  public double p() {
    return degrees == 0 ? 1 : ChiSquaredDistribution.of(degrees).survivalProbability(statistic);
  }

  /**
   * The statistic as a standard normal z = ((χ²/df)^(1/3) − (1 − 2/(9df)))/√(2/(9df)), as in the
   * Prometheus rules; 0 without degrees of freedom.
   *
   * <p>Source: Wilson, Hilferty, The Distribution of Chi-Square, PNAS 1931.
   */
  public double wilsonHilferty() {
    if (degrees == 0) {
      return 0;
    }
    double variance = 2.0 / (9.0 * degrees);
    return (Math.cbrt(statistic / degrees) - (1 - variance)) / Math.sqrt(variance);
  }
}
