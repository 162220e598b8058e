package weir.stats;

import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Evidence that units were not assigned with the configured shares.
 *
 * <p>The multinomial likelihood of the counts mixed over Dirichlet(kθ), k = 1000, against the
 * shares θ. Use alpha = 0.001. Source: Lindon, Malek, arXiv 2011.03567, equation for the Bayes
 * factor.
 */
public final class SampleRatioMismatch {
  private static final double CONCENTRATION = 1000;

  private SampleRatioMismatch() {}

  /**
   * ln E of one plan generation: lnΓ(k) − lnΓ(N+k) + Σ[lnΓ(n_i + kθ_i) − lnΓ(kθ_i)] − Σ n_i ln θ_i.
   * Over generations, whose counts hold only units first seen in them, add.
   *
   * @param counts first exposures per arm
   * @param shares the probabilities, which sum to 1; an exposure of an arm with share 0 is infinite
   *     evidence
   */
  public static double logEvidence(long[] counts, double[] shares) {
    check(counts, shares);
    double sum = LogGamma.value(CONCENTRATION);
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      if (shares[i] == 0) {
        if (counts[i] > 0) {
          return Double.POSITIVE_INFINITY;
        }
        continue;
      }
      double prior = CONCENTRATION * shares[i];
      sum +=
          LogGamma.value(counts[i] + prior)
              - LogGamma.value(prior)
              - counts[i] * Math.log(shares[i]);
      total += counts[i];
    }
    return sum - LogGamma.value(total + CONCENTRATION);
  }

  private static void check(long[] counts, double[] shares) {
    if (counts.length != shares.length) {
      throw new IllegalArgumentException(
          counts.length + " counts need as many shares, not " + shares.length);
    }
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      if (counts[i] < 0 || !(shares[i] >= 0)) {
        throw new IllegalArgumentException(
            "counts and shares are at least 0, not " + counts[i] + ", " + shares[i]);
      }
      sum += shares[i];
    }
    if (Math.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException("shares sum to 1, not " + sum);
    }
  }
}
