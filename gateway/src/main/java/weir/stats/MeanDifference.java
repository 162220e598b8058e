package weir.stats;

import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * What outcomes have shown about θ = candidate's mean − stable's mean, or what is missing to say
 * it.
 *
 * <p>The normal-mixture sequential probability ratio test; asymptotic, hence the least counts. τ is
 * the smallest difference that matters, in the outcome's unit. Source: Robbins, Statistical Methods
 * Related to the Law of the Iterated Logarithm, 1970; Johari et al., Always Valid Inference, 2022.
 */
public sealed interface MeanDifference {
  /** What is averaged, and so how many outcomes each arm needs before its mean is near normal. */
  enum Kind {
    MEAN(100),
    HEAVY_TAILED_MEAN(500),
    PROPORTION(100);

    private final long least;

    Kind(long least) {
      this.least = least;
    }

    /** The fewest outcomes per arm. */
    public long least() {
      return least;
    }
  }

  /** The outcomes of one plan generation, within which the shares were constant. */
  record Stratum(Moments stable, Moments candidate) {}

  /** Each arm lacks this many outcomes in generations that both arms have outcomes in. */
  record TooFew(long stable, long candidate) implements MeanDifference {}

  /** All outcomes are alike, so that no spread can be told. */
  record NoVariation() implements MeanDifference {}

  /** The difference, its variance, and τ. */
  record Estimated(double difference, double variance, double tau) implements MeanDifference {
    private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);

    public Estimated {
      if (!Double.isFinite(difference) || !(variance > 0) || !(tau > 0)) {
        throw new IllegalArgumentException(
            "variance and tau are above 0, not %s, %s".formatted(variance, tau));
      }
    }

    /** ln Λ against θ = 0; Λ = √(V/(V+τ²))·exp(τ²θ²/(2V(V+τ²))). */
    public double logEvidence() {
      double both = variance + tau * tau;
      return Math.log(variance / both) / 2
          + tau * tau * difference * difference / (2 * variance * both);
    }

    /** ln Λ₊ against θ ≤ 0; Λ₊ = 2Λ·Φ(θτ/√(V(V+τ²))). */
    public double logEvidenceAbove() {
      double z = difference * tau / Math.sqrt(variance * (variance + tau * tau));
      return Math.log(2) + logEvidence() + Math.log(STANDARD.cumulativeProbability(z));
    }

    /** ln Λ₊ against θ ≥ 0. */
    public double logEvidenceBelow() {
      return new Estimated(-difference, variance, tau).logEvidenceAbove();
    }

    /** θ ± √(V(V+τ²)/τ²·(2 ln(1/α) + ln((V+τ²)/V))), valid over all looks. */
    public Interval interval(double alpha) {
      double both = variance + tau * tau;
      double width =
          Math.sqrt(
              variance
                  * both
                  / (tau * tau)
                  * (2 * Level.threshold(alpha) + Math.log(both / variance)));
      return new Interval(difference - width, difference + width);
    }
  }

  /**
   * The difference over several generations, each with its own θ_s and V_s, weighted by
   * n_A·n_B/(n_A + n_B): never pooled, because shares and level change together.
   *
   * <p>V_s is s²_A/n_A + s²_B/n_B, for proportions p̄(1−p̄)(1/n_A + 1/n_B) with the generation's
   * p̄. Generations without an outcome (for means: two) in both arms are left out. Shares that
   * follow the outcomes inside a generation need {@link ScoreProcess}.
   */
  static MeanDifference of(List<Stratum> strata, Kind kind, double tau) {
    long least = kind == Kind.PROPORTION ? 1 : 2;
    long stable = 0;
    long candidate = 0;
    double weights = 0;
    double differences = 0;
    double variances = 0;
    for (Stratum stratum : strata) {
      Moments a = stratum.stable();
      Moments b = stratum.candidate();
      if (a.count() < least || b.count() < least) {
        continue;
      }
      double weight = (double) a.count() * b.count() / (a.count() + b.count());
      stable += a.count();
      candidate += b.count();
      weights += weight;
      differences += weight * (b.mean() - a.mean());
      variances += weight * weight * variance(a, b, kind);
    }
    return of(
        new long[] {stable, candidate},
        kind,
        differences / weights,
        variances / (weights * weights),
        tau);
  }

  private static double variance(Moments a, Moments b, Kind kind) {
    if (kind == Kind.PROPORTION) {
      double mean = a.plus(b).mean();
      return mean * (1 - mean) * (1.0 / a.count() + 1.0 / b.count());
    }
    return a.variance() / a.count() + b.variance() / b.count();
  }

  /** The answer for counts (stable, candidate), or what is missing. */
  static MeanDifference of(
      long[] counts, Kind kind, double difference, double variance, double tau) {
    if (counts[0] < kind.least() || counts[1] < kind.least()) {
      return new TooFew(
          Math.max(0, kind.least() - counts[0]), Math.max(0, kind.least() - counts[1]));
    }
    return variance > 0 ? new Estimated(difference, variance, tau) : new NoVariation();
  }
}
