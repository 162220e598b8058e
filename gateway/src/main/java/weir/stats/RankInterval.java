package weir.stats;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * Ranks between which the quantile p lies at every look, with probability 1 − alpha.
 *
 * <p>{@code low} and {@code high} are ranks, from 1, in the ordered values: x₍low₎ ≤ q_p ≤ x₍high₎;
 * 0 and n + 1 say that this side is not bounded yet. The number K of values up to q_p is
 * binomial(n, p), and the beta mixture around p with a = 100p, b = 100(1−p) keeps every K with
 * ln[B(a+K, b+n−K) / B(a, b)] − K ln p − (n−K) ln(1−p) &lt; ln(1/α). Source: Robbins 1970; Howard,
 * Ramdas, Sequential Estimation of Quantiles, Bernoulli 2022. Assumes values drawn alike; for
 * display, not for gates.
 */
public record RankInterval(long low, long high, long count) {
  private static final double PRIOR_SIZE = 100;

  /** The ranks among {@code count} values; two binary searches. */
  public static RankInterval of(long count, double p, double alpha) {
    if (count < 0) {
      throw new IllegalArgumentException("a count is at least 0, not " + count);
    }
    double threshold = Level.threshold(alpha);
    Level.inside("p", p);
    long middle = Math.round(count * p);
    long inside = middle;
    long outside = -1;
    while (inside - outside > 1) {
      long k = Math.floorDiv(inside + outside, 2);
      if (logEvidence(k, count, p) < threshold) {
        inside = k;
      } else {
        outside = k;
      }
    }
    long low = inside;
    inside = middle;
    outside = count + 1;
    while (outside - inside > 1) {
      long k = (inside + outside) / 2;
      if (logEvidence(k, count, p) < threshold) {
        inside = k;
      } else {
        outside = k;
      }
    }
    return new RankInterval(low, inside + 1, count);
  }

  /** ln E against "k of count values lie below the quantile p"; convex in k. */
  static double logEvidence(long k, long count, double p) {
    double a = PRIOR_SIZE * p;
    double b = PRIOR_SIZE * (1 - p);
    return LogBeta.value(a + k, b + count - k)
        - LogBeta.value(a, b)
        - k * Math.log(p)
        - (count - k) * Math.log1p(-p);
  }
}
