package weir.stats;

import java.util.Arrays;

/**
 * The bins of a numeric feature or score: (−∞, e₀], (e₀, e₁], …, (eₖ, ∞).
 *
 * <p>Immutable; a lookup compares with every edge, which for nine beats a search that branches, and
 * allocates nothing.
 */
public final class Binning {
  /** What {@link #bin} says of NaN. */
  public static final int MISSING = -1;

  private static final int DECILES = 10;

  private final double[] edges;

  private Binning(double[] edges) {
    this.edges = edges;
  }

  /** Bins between these edges, which are finite and rise. */
  public static Binning ofEdges(double... edges) {
    for (int i = 0; i < edges.length; i++) {
      if (!Double.isFinite(edges[i]) || (i > 0 && edges[i - 1] >= edges[i])) {
        throw new IllegalArgumentException("edges are finite and rise: " + Arrays.toString(edges));
      }
    }
    return new Binning(edges.clone());
  }

  /**
   * Bins at the distinct deciles of a sample, at most ten; NaN is left out, the other values are
   * finite.
   */
  public static Binning deciles(double[] sample) {
    double[] sorted =
        Arrays.stream(sample).filter(value -> !Double.isNaN(value)).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("deciles need at least one value that is not NaN");
    }
    double[] deciles = new double[DECILES - 1];
    for (int i = 0; i < deciles.length; i++) {
      // (n−1)·i is exact, so that a decile which is a value stays that value; adding 0.0 makes one
      // zero of −0.0 and 0.0.
      deciles[i] = at(sorted, (sorted.length - 1L) * (i + 1) / (double) DECILES) + 0.0;
    }
    return ofEdges(Arrays.stream(deciles).distinct().toArray());
  }

  /**
   * The quantile of type 7: linear between the order statistics around rank (n−1)p.
   *
   * <p>Source: Hyndman, Fan, Sample Quantiles in Statistical Packages, 1996.
   *
   * @param sorted rising, at least one value, no NaN
   */
  public static double quantile(double[] sorted, double p) {
    if (sorted.length == 0 || !(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          "a quantile needs a value and p in [0, 1], not " + sorted.length + " values and " + p);
    }
    return at(sorted, (sorted.length - 1) * p);
  }

  private static double at(double[] sorted, double position) {
    int below = (int) position;
    double rest = position - below;
    return rest == 0 ? sorted[below] : sorted[below] + rest * (sorted[below + 1] - sorted[below]);
  }

  /** The number of bins, {@link #MISSING} not counted. */
  public int bins() {
    return edges.length + 1;
  }

  public double[] edges() {
    return edges.clone();
  }

  /** The bin of a value, from 0 to bins() − 1, or {@link #MISSING} for NaN. */
  public int bin(double value) {
    if (Double.isNaN(value)) {
      return MISSING;
    }
    int bin = 0;
    for (double edge : edges) {
      bin += value > edge ? 1 : 0;
    }
    return bin;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Binning binning && Arrays.equals(edges, binning.edges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(edges);
  }

  @Override
  public String toString() {
    return Arrays.toString(edges);
  }
}
