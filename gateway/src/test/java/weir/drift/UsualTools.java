package weir.drift;

import weir.drift.SimulatedStream.Feature;
import weir.stats.ChiSquare;
import weir.stats.Divergence;

/**
 * What the usual tools would say of one window by their defaults, from exact counts of every value.
 *
 * <p>Numbers: PSI at the baseline's deciles ≥ 0.1; two-sample Kolmogorov-Smirnov p &lt; 0.05, by
 * Stephens's approximation; Wasserstein-1 over the baseline's sd ≥ 0.1. Categories: PSI ≥ 0.1; χ² p
 * &lt; 0.05; Jensen-Shannon distance (base 2) ≥ 0.1.
 */
record UsualTools(boolean psi, boolean test, boolean distance) {
  private static final double EFFECT = 0.1;
  private static final double P = 0.05;

  static UsualTools judge(
      Signal signal, Feature baseFeature, long[] base, Feature windowFeature, long[] window) {
    return switch (signal) {
      case Signal.Categorical _ ->
          new UsualTools(
              Divergence.psi(base, window) >= EFFECT,
              ChiSquare.homogeneity(base, window).p() < P,
              Divergence.jensenShannon(base, window) >= EFFECT);
      case Signal.Numeric numeric -> {
        Gap gap = Gap.between(baseFeature.distinct(), base, windowFeature.distinct(), window);
        double psi =
            Divergence.psi(
                binned(numeric, baseFeature, base), binned(numeric, windowFeature, window));
        yield new UsualTools(
            psi >= EFFECT, gap.kolmogorovP() < P, gap.area() / numeric.sd() >= EFFECT);
      }
    };
  }

  private static long[] binned(Signal.Numeric signal, Feature feature, long[] counts) {
    long[] bins = new long[signal.binning().bins()];
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        bins[signal.binning().bin(feature.distinct()[i])] += counts[i];
      }
    }
    return bins;
  }

  /** How far apart two empirical distribution functions are. */
  private record Gap(double largest, double area, double effective) {
    /** One walk over both sorted lists of values. */
    static Gap between(double[] a, long[] aCounts, double[] b, long[] bCounts) {
      double aTotal = total(aCounts);
      double bTotal = total(bCounts);
      double largest = 0;
      double area = 0;
      double at = Math.min(a[0], b[0]);
      long aSeen = 0;
      long bSeen = 0;
      double difference = 0;
      int i = 0;
      int j = 0;
      while (i < a.length || j < b.length) {
        double next = i == a.length ? b[j] : j == b.length ? a[i] : Math.min(a[i], b[j]);
        area += difference * (next - at);
        at = next;
        if (i < a.length && a[i] == at) {
          aSeen += aCounts[i++];
        }
        if (j < b.length && b[j] == at) {
          bSeen += bCounts[j++];
        }
        difference = Math.abs(aSeen / aTotal - bSeen / bTotal);
        largest = Math.max(largest, difference);
      }
      return new Gap(largest, area, aTotal * bTotal / (aTotal + bTotal));
    }

    private static double total(long[] counts) {
      long sum = 0;
      for (long count : counts) {
        sum += count;
      }
      return sum;
    }

    /** Source: Stephens, J. R. Statist. Soc. B 1970; Numerical Recipes, 14.3. */
    double kolmogorovP() {
      double root = Math.sqrt(effective);
      double x = (root + 0.12 + 0.11 / root) * largest;
      if (x < 0.3) {
        return 1;
      }
      double sum = 0;
      for (int k = 1; k <= 100; k++) {
        sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * x * x);
      }
      return Math.clamp(sum, 0, 1);
    }
  }
}
