package weir.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import weir.stats.LogEvidence;
import weir.stats.MeanDifference.Estimated;
import weir.stats.MeanDifference.Kind;
import weir.stats.RiskRatioProcess;
import weir.stats.ScoreProcess;

/**
 * One bandit for two hours at 5 requests a second: each minute the outcomes that are known are
 * taken in, tests look, and the shares move. The tests hold the last arm against the first one.
 */
final class SimulatedBandit {
  static final double ALPHA = 0.05;
  static final int REQUESTS_PER_MINUTE = 300;
  private static final double TAU = 0.02;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int REQUESTS = BanditWorld.MINUTES * REQUESTS_PER_MINUTE;

  /**
   * {@code regret}: what the best arm would have earned more in the mean, over all requests. {@code
   * ratioFired}, {@code meanFired}: the test of no difference ever fired; {@code ratioMissed},
   * {@code meanMissed}: the interval ever left the truth out.
   */
  record Run(
      double regret,
      boolean ratioFired,
      boolean meanFired,
      boolean ratioMissed,
      boolean meanMissed) {}

  private final BanditWorld world;
  private final BanditRule rule;
  private final SplittableRandom draws;
  private final SplittableRandom rewards;
  private final int[] arms = new int[REQUESTS];
  private final double[] values = new double[REQUESTS];
  private final double[][] shares = new double[BanditWorld.MINUTES][];
  private final RiskRatioProcess ratio = new RiskRatioProcess();
  private final ScoreProcess means = new ScoreProcess();
  private double regret;
  private boolean ratioFired;
  private boolean meanFired;
  private boolean ratioMissed;
  private boolean meanMissed;

  SimulatedBandit(BanditWorld world, BanditRule rule, long seed) {
    this.world = world;
    this.rule = rule;
    this.draws = new SplittableRandom(seed);
    this.rewards = new SplittableRandom(~seed);
  }

  Run run() {
    double[] now = new double[world.arms()];
    Arrays.fill(now, 1.0 / now.length);
    for (int minute = 0; minute < BanditWorld.MINUTES; minute++) {
      shares[minute] = now;
      serve(minute);
      if (minute >= world.labelMinutes()) {
        mature(minute - world.labelMinutes());
        look();
        now = rule.next(now);
      }
    }
    return new Run(regret, ratioFired, meanFired, ratioMissed, meanMissed);
  }

  private void serve(int minute) {
    double best = world.best(minute);
    for (int i = 0; i < REQUESTS_PER_MINUTE; i++) {
      int request = minute * REQUESTS_PER_MINUTE + i;
      int arm = at(shares[minute], draws.nextDouble());
      arms[request] = arm;
      values[request] = world.reward(arm, minute, rewards);
      regret += best - world.mean(arm, minute);
    }
  }

  private static int at(double[] shares, double position) {
    int arm = 0;
    double end = shares[0];
    while (position >= end && arm < shares.length - 1) {
      arm++;
      end += shares[arm];
    }
    return arm;
  }

  /** The outcomes of that minute's requests, in their order. */
  private void mature(int minute) {
    double[] then = shares[minute];
    int last = then.length - 1;
    double rho = then[last] / (then[0] + then[last]);
    Instant at = START.plus(Duration.ofMinutes(minute));
    for (int i = 0; i < REQUESTS_PER_MINUTE; i++) {
      int request = minute * REQUESTS_PER_MINUTE + i;
      int arm = arms[request];
      double value = values[request];
      rule.add(arm, then[arm], value, at);
      if (arm == 0 || arm == last) {
        means.add(rho, arm == last, value);
        if (!world.normal() && value > 0) {
          ratio.add(rho, arm == last);
        }
      }
    }
  }

  private void look() {
    int last = world.arms() - 1;
    ratioFired |= LogEvidence.rejects(ratio.evidence().logEvidence(), ALPHA);
    ratioMissed |=
        !world.normal()
            && !ratio.evidence().bounds(ALPHA).contains(world.mean(last, 0) / world.mean(0, 0));
    if (means.evidence().difference(Kind.MEAN, TAU) instanceof Estimated estimated) {
      meanFired |= LogEvidence.rejects(estimated.logEvidence(), ALPHA);
      meanMissed |= !estimated.interval(ALPHA).contains(world.mean(last, 0) - world.mean(0, 0));
    }
  }
}
