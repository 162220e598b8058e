package weir.stats;

import java.util.Arrays;

/**
 * Arithmetic on ln E, the natural logarithm of e-values; infinite values are allowed.
 *
 * <p>Products of e-processes over disjoint evidence are sums of these numbers. An average of
 * e-processes is an e-process again (Vovk, Wang: E-values, Annals of Statistics 2021, section 3).
 */
public final class LogEvidence {
  private LogEvidence() {}

  /** Whether the evidence rejects at level {@code alpha} (Ville: P(ever so) ≤ alpha). */
  public static boolean rejects(double logEvidence, double alpha) {
    return logEvidence >= Level.threshold(alpha);
  }

  /**
   * ln of the mean over {@code planned} e-processes, of which those not started yet count as 1.
   *
   * <p>The number planned is fixed before the first of them starts. With one process per step, each
   * over the evidence since its step began, late harm is not diluted by early peace.
   */
  public static double mean(int planned, double... started) {
    if (planned < 1 || started.length > planned) {
      throw new IllegalArgumentException(
          "at most the " + planned + " planned processes start, not " + started.length);
    }
    double[] all = new double[planned];
    System.arraycopy(started, 0, all, 0, started.length);
    double[] logWeights = new double[planned];
    Arrays.fill(logWeights, -Math.log(planned));
    return mixture(all, logWeights);
  }

  /** ln Σ exp(logs + logWeights), shifted by the largest term so that nothing overflows. */
  static double mixture(double[] logs, double[] logWeights) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logs.length; i++) {
      largest = Math.max(largest, logs[i] + logWeights[i]);
    }
    if (Double.isInfinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (int i = 0; i < logs.length; i++) {
      sum += Math.exp(logs[i] + logWeights[i] - largest);
    }
    return largest + Math.log(sum);
  }
}
