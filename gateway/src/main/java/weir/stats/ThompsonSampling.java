package weir.stats;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Shares by the probability that an arm has the highest mean.
 *
 * <p>An arm below {@code floor} is raised to it, and the others divide the rest by probability.
 * Until each arm has {@code outcomesMin} matured outcomes the shares stay as they were. Source:
 * Thompson 1933; Russo et al., A Tutorial on Thompson Sampling, 2018. Significance comes from
 * {@link RatioEvidence} or {@link ScoreEvidence}, never from these probabilities.
 */
public record ThompsonSampling(double floor, long outcomesMin) {
  private static final int NODES = 512;

  /** What is known about one arm's mean; higher is better. */
  public sealed interface Posterior {
    long outcomes();
  }

  /** Beta(1 + successes, 1 + failures). */
  public record BetaPosterior(long successes, long failures) implements Posterior {
    public BetaPosterior {
      if (successes < 0 || failures < 0) {
        throw new IllegalArgumentException(
            "successes and failures are at least 0, not " + successes + ", " + failures);
      }
    }

    @Override
    public long outcomes() {
      return successes + failures;
    }
  }

  /** Normal around the mean with the standard error; flat prior, spread taken as known. */
  public record NormalPosterior(Moments moments) implements Posterior {
    @Override
    public long outcomes() {
      return moments.count();
    }
  }

  public ThompsonSampling {
    if (!(floor >= 0 && floor <= 0.5) || outcomesMin < 2) {
      throw new IllegalArgumentException(
          "floor lies in [0, 0.5] and outcomesMin is at least 2, not "
              + floor
              + ", "
              + outcomesMin);
    }
  }

  /** A floor of 5 % and 100 matured outcomes per arm. */
  public static ThompsonSampling defaults() {
    return new ThompsonSampling(0.05, 100);
  }

  /** The next shares of the arms, which sum to 1. */
  public double[] shares(List<Posterior> arms, double[] before) {
    if (before.length != arms.size() || floor * arms.size() > 1) {
      throw new IllegalArgumentException(
          "%d shares and a floor of %s for %d arms".formatted(before.length, floor, arms.size()));
    }
    if (arms.stream().anyMatch(arm -> arm.outcomes() < outcomesMin)) {
      return before.clone();
    }
    return raised(bestProbabilities(arms));
  }

  /** Raises one arm after the other, until what the others have left keeps all above the floor. */
  private double[] raised(double[] shares) {
    double left = 1;
    double rest = 1;
    boolean[] low = new boolean[shares.length];
    for (int i = 0; i < shares.length; ) {
      if (!low[i] && shares[i] * left / rest < floor) {
        low[i] = true;
        left -= floor;
        rest -= shares[i];
        i = 0;
      } else {
        i++;
      }
    }
    double[] raised = new double[shares.length];
    for (int i = 0; i < raised.length; i++) {
      raised[i] = low[i] ? floor : shares[i] * left / rest;
    }
    return raised;
  }

  /**
   * The probability of each arm to have the highest mean, to about 1e-3.
   *
   * <p>∫ Π_{j≠i} F_j(F_i⁻¹(u)) du by the midpoint rule on 512 nodes, so that every replica computes
   * the same; about 10 ms per arm.
   */
  static double[] bestProbabilities(List<Posterior> arms) {
    List<ContinuousDistribution> distributions =
        arms.stream().map(ThompsonSampling::distribution).toList();
    double[] probabilities = new double[arms.size()];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = bestProbability(distributions, i);
    }
    double sum = Arrays.stream(probabilities).sum();
    return Arrays.stream(probabilities).map(p -> p / sum).toArray();
  }

  private static double bestProbability(List<ContinuousDistribution> arms, int arm) {
    double sum = 0;
    for (int node = 0; node < NODES; node++) {
      double mean = arms.get(arm).inverseCumulativeProbability((node + 0.5) / NODES);
      double product = 1;
      for (int other = 0; other < arms.size(); other++) {
        product *= other == arm ? 1 : arms.get(other).cumulativeProbability(mean);
      }
      sum += product;
    }
    return sum / NODES;
  }

  private static ContinuousDistribution distribution(Posterior arm) {
    return switch (arm) {
      case BetaPosterior beta -> BetaDistribution.of(1.0 + beta.successes(), 1.0 + beta.failures());
      case NormalPosterior normal -> {
        Moments moments = normal.moments();
        double error = Math.sqrt(moments.variance() / moments.count());
        double least = 1e-12 * Math.max(1, Math.abs(moments.mean()));
        yield NormalDistribution.of(moments.mean(), Math.max(error, least));
      }
    };
  }
}
