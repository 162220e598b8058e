package weir.stats;

import java.util.Arrays;

/**
 * Distances between two distributions, from the counts of shared bins or from samples.
 *
 * <p>Counts are in the same order of bins on both sides, from low to high where order matters; each
 * side needs at least one row. Linear in the bins; samples are sorted first. All are 0 for equal
 * distributions. None says anything about significance: that is {@link ChiSquare}.
 */
public final class Divergence {
  private static final double SHARE_MIN = 1e-4;

  private Divergence() {}

  /**
   * The population stability index Σ (q−p)·ln(q/p), from 0 upwards; shares are floored at 1e-4 and
   * not renormalised.
   *
   * <p>Source: Siddiqi, Credit Risk Scorecards, 2006; the symmetric divergence of Jeffreys.
   */
  public static double psi(long[] baseline, long[] window) {
    double baselineTotal = total(baseline, window);
    double windowTotal = total(window, baseline);
    double sum = 0;
    for (int i = 0; i < baseline.length; i++) {
      double p = Math.max(SHARE_MIN, baseline[i] / baselineTotal);
      double q = Math.max(SHARE_MIN, window[i] / windowTotal);
      sum += (q - p) * Math.log(q / p);
    }
    return sum;
  }

  /**
   * The Jensen–Shannon distance, the root of the divergence in bits, in [0, 1]; 0·log 0 = 0.
   *
   * <p>Source: Endres, Schindelin, A New Metric for Probability Distributions, IEEE Trans. Inf.
   * Theory 2003.
   */
  public static double jensenShannon(long[] baseline, long[] window) {
    double baselineTotal = total(baseline, window);
    double windowTotal = total(window, baseline);
    double sum = 0;
    for (int i = 0; i < baseline.length; i++) {
      double p = baseline[i] / baselineTotal;
      double q = window[i] / windowTotal;
      double middle = (p + q) / 2;
      sum += term(p, middle) + term(q, middle);
    }
    return Math.sqrt(Math.clamp(sum / (2 * Math.log(2)), 0, 1));
  }

  private static double term(double share, double middle) {
    return share == 0 ? 0 : share * Math.log(share / middle);
  }

  /**
   * Kolmogorov's and Smirnov's D between binned distributions, in [0, 1]: the largest difference of
   * the cumulative shares at the edges, and so at most the D of the values.
   */
  public static double kolmogorovSmirnov(long[] baseline, long[] window) {
    double baselineTotal = total(baseline, window);
    double windowTotal = total(window, baseline);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < baseline.length; i++) {
      difference += window[i] / windowTotal - baseline[i] / baselineTotal;
      largest = Math.max(largest, Math.abs(difference));
    }
    return largest;
  }

  /**
   * The Wasserstein-1 distance ∫|F−G| between binned distributions, in the values' unit, with
   * values spread evenly within a bin.
   *
   * @param bounds the lowest value, the edges between the bins, the highest value: one more than
   *     bins, never falling. Rows beyond the ends count as lying in the outer bins.
   */
  public static double wasserstein(long[] baseline, long[] window, double[] bounds) {
    double baselineTotal = total(baseline, window);
    double windowTotal = total(window, baseline);
    if (bounds.length != baseline.length + 1) {
      throw new IllegalArgumentException(
          baseline.length + " bins have one more bound, not " + bounds.length);
    }
    double sum = 0;
    double before = 0;
    for (int i = 0; i < baseline.length; i++) {
      double after = before + window[i] / windowTotal - baseline[i] / baselineTotal;
      double width = bounds[i + 1] - bounds[i];
      if (!(width >= 0 && width < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("bounds are finite and never fall");
      }
      sum += width * meanAbsolute(before, after);
      before = after;
    }
    return sum;
  }

  /** The mean of |f| where f goes straight from one value to the other. */
  private static double meanAbsolute(double from, double to) {
    double both = Math.abs(from) + Math.abs(to);
    return from * to >= 0 ? both / 2 : (from * from + to * to) / (2 * both);
  }

  /** Kolmogorov's and Smirnov's D between two samples. */
  public static double kolmogorovSmirnov(double[] baseline, double[] window) {
    return sweep(baseline, window).largest;
  }

  /** The Wasserstein-1 distance between two samples, in the values' unit. */
  public static double wasserstein(double[] baseline, double[] window) {
    return sweep(baseline, window).area;
  }

  private record Gap(double largest, double area) {}

  /**
   * Walks over both sorted samples at once, with the difference of their distribution functions.
   */
  private static Gap sweep(double[] first, double[] second) {
    double[] a = sorted(first);
    double[] b = sorted(second);
    double largest = 0;
    double area = 0;
    double at = Math.min(a[0], b[0]);
    double difference = 0;
    int i = 0;
    int j = 0;
    while (i < a.length || j < b.length) {
      double next = i == a.length ? b[j] : j == b.length ? a[i] : Math.min(a[i], b[j]);
      area += difference * (next - at);
      at = next;
      while (i < a.length && a[i] == at) {
        i++;
      }
      while (j < b.length && b[j] == at) {
        j++;
      }
      difference = Math.abs((double) i / a.length - (double) j / b.length);
      largest = Math.max(largest, difference);
    }
    return new Gap(largest, area);
  }

  private static double[] sorted(double[] sample) {
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    if (sorted.length == 0
        || !Double.isFinite(sorted[0])
        || !Double.isFinite(sorted[sorted.length - 1])) {
      throw new IllegalArgumentException("a sample has at least one value and all are finite");
    }
    return sorted;
  }

  private static double total(long[] counts, long[] others) {
    if (counts.length != others.length) {
      throw new IllegalArgumentException(
          "both sides have the same bins, not " + counts.length + " and " + others.length);
    }
    long sum = 0;
    for (long count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException("a count is at least 0, not " + count);
      }
      sum += count;
    }
    if (sum == 0) {
      throw new IllegalArgumentException("each side has at least one row");
    }
    return sum;
  }
}
