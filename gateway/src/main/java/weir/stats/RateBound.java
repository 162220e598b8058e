package weir.stats;

import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.RegularizedBeta;

/**
 * An upper bound on one arm's event rate that holds at every look.
 *
 * <p>For each rate q the rates below it are mixed with the density ∝ θ^(−1/2) on (0, q), a
 * truncated Beta(1/2, 1): M(q) = ½·B_q(k+½, n−k+1)·q^−(k+½)·(1−q)^−(n−k), with B_q the incomplete
 * beta function. Given the past, a factor θ/q or (1−θ)/(1−q) has a mean of at most 1 for every true
 * rate from q up, also one that changes, so M(q) is an e-process against "the rate is at least q".
 * With θ = uq, M(q) = ∫½u^(k−½)((1−uq)/(1−q))^(n−k) du grows with q, so one bound answers for every
 * q.
 *
 * <p>Source: the beta-binomial mixture of Robbins 1970 and Howard et al., Time-uniform,
 * Nonparametric, Nonasymptotic Confidence Sequences, Annals of Statistics 2021, section 3,
 * one-sided. Trials are Bernoulli given the past: count a unit once where assignment is sticky.
 */
public record RateBound(long events, long trials) {
  private static final double SHAPE = 0.5;
  private static final int HALVINGS = 60;

  public RateBound {
    if (events < 0 || events > trials) {
      throw new IllegalArgumentException(
          "events lie between 0 and " + trials + " trials, not " + events);
    }
  }

  /** ln E against a true rate of at least {@code rate}. */
  public double logEvidenceBelow(double rate) {
    Level.inside("rate", rate);
    double a = events + SHAPE;
    double b = trials - events + 1.0;
    return Math.log(SHAPE)
        + Math.log(RegularizedBeta.value(rate, a, b))
        + LogBeta.value(a, b)
        - a * Math.log(rate)
        - (trials - events) * Math.log1p(-rate);
  }

  /** The smallest rate that is excluded at level {@code alpha}, 1 when none is. */
  public double upper(double alpha) {
    double threshold = Level.threshold(alpha);
    if (events == trials) {
      return 1;
    }
    double inside = (double) events / trials;
    double outside = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (inside + outside) / 2;
      if (middle <= inside || middle >= outside) {
        break;
      }
      if (logEvidenceBelow(middle) < threshold) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return outside;
  }
}
