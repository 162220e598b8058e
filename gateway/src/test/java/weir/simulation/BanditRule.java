package weir.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import weir.experiment.BanditEvidence;
import weir.experiment.FeedbackOutcome;
import weir.routing.BanditTerms;
import weir.routing.Share;
import weir.stats.Moments;

/** How shares follow outcomes; each one begins with equal shares and sees the same outcomes. */
sealed interface BanditRule {
  /** Takes in an outcome that is known now. */
  void add(int arm, double probability, double value, Instant predictedAt);

  double[] next(double[] before);

  /** Shares never move. */
  record Uniform() implements BanditRule {
    @Override
    public void add(int arm, double probability, double value, Instant predictedAt) {}

    @Override
    public double[] next(double[] before) {
      return before;
    }
  }

  /** The arm with the highest mean has all but {@code epsilon}, of which each arm has its part. */
  final class EpsilonGreedy implements BanditRule {
    private final double epsilon;
    private final long outcomesMin;
    private final Moments[] arms;

    EpsilonGreedy(double epsilon, long outcomesMin, int arms) {
      this.epsilon = epsilon;
      this.outcomesMin = outcomesMin;
      this.arms = new Moments[arms];
      Arrays.fill(this.arms, Moments.NONE);
    }

    @Override
    public void add(int arm, double probability, double value, Instant predictedAt) {
      arms[arm] = arms[arm].with(value);
    }

    @Override
    public double[] next(double[] before) {
      int best = 0;
      for (int arm = 0; arm < arms.length; arm++) {
        if (arms[arm].count() < outcomesMin) {
          return before;
        }
        best = arms[arm].mean() > arms[best].mean() ? arm : best;
      }
      double[] next = new double[arms.length];
      Arrays.fill(next, epsilon / arms.length);
      next[best] += 1 - epsilon;
      return next;
    }
  }

  /** Weir's own, as it runs live. */
  final class Thompson implements BanditRule {
    private final BanditEvidence evidence;

    Thompson(BanditTerms terms) {
      this.evidence = new BanditEvidence(terms);
    }

    @Override
    public void add(int arm, double probability, double value, Instant predictedAt) {
      evidence.add(
          new FeedbackOutcome("reward", version(arm), 1, probability, 0, Double.NaN, "", value, ""),
          predictedAt);
    }

    @Override
    public double[] next(double[] before) {
      List<Share> shares = new ArrayList<>();
      for (int arm = 0; arm < before.length; arm++) {
        shares.add(new Share(version(arm), before[arm]));
      }
      Optional<List<Share>> next = evidence.next(shares);
      return next.isEmpty() ? before : next.get().stream().mapToDouble(Share::weight).toArray();
    }

    private static String version(int arm) {
      return Integer.toString(arm + 1);
    }
  }
}
