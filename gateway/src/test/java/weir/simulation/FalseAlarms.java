package weir.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.NormalDistribution;
import weir.experiment.Check;
import weir.experiment.ExperimentSettings;
import weir.experiment.Look;
import weir.stats.LogEvidence;
import weir.stats.MeanDifference.Estimated;
import weir.stats.MeanDifference.Kind;
import weir.stats.Moments;
import weir.stats.QuantileSketch;
import weir.stats.RiskRatioProcess;
import weir.stats.SampleRatioMismatch;
import weir.stats.ScoreProcess;
import weir.stats.ThompsonSampling;
import weir.stats.ThompsonSampling.NormalPosterior;

/**
 * How often each test ever fires at the level 0.05 although the versions are alike: 20,000
 * requests, a look every 200, two days.
 */
final class FalseAlarms {
  static final double ALPHA = 0.05;
  static final int TESTS = 8;
  static final double[] CONSTANT = {0.5};
  static final double[] RAMP = {0.05, 0.1, 0.25, 0.5};
  private static final int REQUESTS = 20_000;
  private static final int REQUESTS_PER_LOOK = 200;
  private static final int LABEL_WINDOW = 4_000;
  private static final double DAYS = 2;
  private static final double PER_SECOND = REQUESTS / (DAYS * 86_400);
  private static final double CONVERSIONS = 0.2;
  private static final double SWING = 0.8;
  private static final double P95 = 1.644854;
  private static final int BANDIT_REQUESTS = 500;

  /** A and B look at harm; a wide margin only makes each look cheaper. */
  private static final ExperimentSettings SETTINGS =
      SimulatedExperiment.settings(
          ALPHA,
          List.of(
              new Check.Errors(0.01, Optional.of(10.0), true),
              new Check.Latency(0.95, Optional.empty(), Optional.of(10.0), true),
              new Check.Reward(Check.Better.HIGHER, 0.02, 0.05, false, true)));

  private FalseAlarms() {}

  /** Whether each test fired in one repetition: Weir's four, then the peeked four. */
  interface Repetition {
    boolean[] fired(long seed);
  }

  static List<Rate> rates(Repetition repetition, int repetitions, long seed) {
    int[] hits = new int[TESTS];
    for (int i = 0; i < repetitions; i++) {
      boolean[] fired = repetition.fired(seed + i);
      for (int test = 0; test < TESTS; test++) {
        hits[test] += fired[test] ? 1 : 0;
      }
    }
    List<Rate> rates = new ArrayList<>();
    for (int hit : hits) {
      rates.add(new Rate(hit, repetitions));
    }
    return rates;
  }

  /** Errors, latency, rewards and shares in a world whose shares follow a plan. */
  static boolean[] planned(World world, double[] shares, long seed) {
    SimulatedTraffic traffic = new SimulatedTraffic(world, seed);
    SimulatedExperiment experiment =
        new SimulatedExperiment(SETTINGS, world.users() > 0, shares.length, PER_SECOND);
    PeekedTests peeked = new PeekedTests();
    double limit = SimulatedTraffic.MEDIAN_NANOS * Math.exp(P95 * world.spread());
    boolean[] fired = new boolean[TESTS];
    for (int i = 0; i < REQUESTS; i++) {
      if (i % (REQUESTS / shares.length) == 0) {
        int step = i / (REQUESTS / shares.length);
        experiment.step(step, shares[step]);
      }
      traffic.next(experiment.rho(), experiment.days());
      experiment.request(traffic);
      experiment.reward(
          traffic.candidate(), experiment.generation(), traffic.unit(), traffic.reward());
      peeked.request(
          traffic.candidate(), experiment.rho(), traffic.failed(), traffic.nanos() > limit);
      peeked.reward(traffic.candidate(), traffic.reward());
      if ((i + 1) % REQUESTS_PER_LOOK == 0) {
        Look look = experiment.look();
        fired[0] |= fires(look, "errors");
        fired[1] |= fires(look, "latency p95");
        fired[2] |= fires(look, "reward");
        fired[3] |= fires(look, "traffic split");
        peek(peeked, fired);
      }
    }
    return fired;
  }

  private static boolean fires(Look look, String check) {
    return LogEvidence.rejects(SimulatedExperiment.result(look, check).logEvidence(), ALPHA);
  }

  private static void peek(PeekedTests peeked, boolean[] fired) {
    fired[4] |= Math.abs(peeked.errors()) > PeekedTests.Z;
    fired[5] |= Math.abs(peeked.slow()) > PeekedTests.Z;
    fired[6] |= Math.abs(peeked.rewards()) > PeekedTests.Z;
    fired[7] |= Math.abs(peeked.shares()) > PeekedTests.Z;
  }

  private record Label(int due, boolean candidate, double value) {}

  /**
   * Conversions are told when they happen, after 300 requests on the stable variant and 1,500 on
   * the candidate in the mean, and what did not convert is told last. Weir counts what is older
   * than the window; the peeked tests count what is there. The first test is A on conversions.
   */
  static boolean[] delayed(long seed) {
    SimulatedTraffic traffic = new SimulatedTraffic(World.harmless(0).withDailyCycle(), seed);
    SplittableRandom random = new SplittableRandom(~seed);
    SimulatedExperiment experiment =
        new SimulatedExperiment(SETTINGS, false, RAMP.length, PER_SECOND);
    RiskRatioProcess conversions = new RiskRatioProcess();
    PeekedTests peeked = new PeekedTests();
    PriorityQueue<Label> arriving = new PriorityQueue<>(Comparator.comparingInt(Label::due));
    Label[] labels = new Label[REQUESTS];
    boolean[] fired = new boolean[TESTS];
    for (int i = 0; i < REQUESTS; i++) {
      int step = RAMP.length * i / REQUESTS;
      if (RAMP.length * (i - 1) / REQUESTS != step || i == 0) {
        experiment.step(step, RAMP[step]);
      }
      traffic.next(experiment.rho(), experiment.days());
      experiment.request(traffic);
      labels[i] = label(random, i, traffic.candidate());
      arriving.add(labels[i]);
      while (arriving.element().due() <= i) {
        Label label = arriving.remove();
        peeked.reward(label.candidate(), label.value());
        peeked.request(label.candidate(), experiment.rho(), label.value() > 0, false);
      }
      int matured = i - LABEL_WINDOW;
      if (matured >= 0) {
        Label label = labels[matured];
        int then = RAMP.length * matured / REQUESTS;
        experiment.reward(label.candidate(), 1 + then, matured, label.value());
        if (label.value() > 0) {
          conversions.add(RAMP[then], label.candidate());
        }
      }
      if ((i + 1) % REQUESTS_PER_LOOK == 0) {
        Look look = experiment.look();
        fired[0] |= LogEvidence.rejects(conversions.evidence().logEvidence(), ALPHA);
        fired[2] |= fires(look, "reward");
        fired[3] |= fires(look, "traffic split");
        peek(peeked, fired);
      }
    }
    return fired;
  }

  private static Label label(SplittableRandom random, int request, boolean candidate) {
    boolean converts = random.nextDouble() < CONVERSIONS * level(request);
    double delay = -Math.log(1 - random.nextDouble()) * (candidate ? 1_500 : 300);
    int wait = converts ? (int) Math.min(delay, LABEL_WINDOW - 1) : LABEL_WINDOW - 1;
    return new Label(request + wait, candidate, converts ? 1 : 0);
  }

  private static double level(int request) {
    return 1 + SWING * Math.sin(2 * Math.PI * DAYS * request / REQUESTS);
  }

  /** A on conversions, B on their mean by scores, D; the share follows the conversions. */
  static boolean[] thompson(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ThompsonSampling sampling = ThompsonSampling.defaults();
    RiskRatioProcess conversions = new RiskRatioProcess();
    ScoreProcess scores = new ScoreProcess();
    PeekedTests peeked = new PeekedTests();
    Moments[] arms = {Moments.NONE, Moments.NONE};
    boolean[] fired = new boolean[TESTS];
    double[] shares = {0.5, 0.5};
    long[] exposures = new long[shares.length];
    double mismatch = 0;
    for (int i = 0; i < REQUESTS; i++) {
      boolean candidate = random.nextDouble() < shares[1];
      boolean converts = random.nextDouble() < CONVERSIONS * level(i);
      double value = converts ? 1 : 0;
      int arm = candidate ? 1 : 0;
      arms[arm] = arms[arm].with(value);
      exposures[arm]++;
      scores.add(shares[1], candidate, value);
      if (converts) {
        conversions.add(shares[1], candidate);
      }
      peeked.request(candidate, shares[1], converts, false);
      peeked.reward(candidate, value);
      if ((i + 1) % REQUESTS_PER_LOOK == 0) {
        double current = SampleRatioMismatch.logEvidence(exposures, shares);
        fired[0] |= LogEvidence.rejects(conversions.evidence().logEvidence(), ALPHA);
        fired[2] |=
            scores.evidence().difference(Kind.MEAN, 0.05 * CONVERSIONS)
                    instanceof Estimated estimated
                && LogEvidence.rejects(estimated.logEvidence(), ALPHA);
        fired[3] |= LogEvidence.rejects(mismatch + current, ALPHA);
        peek(peeked, fired);
      }
      if ((i + 1) % BANDIT_REQUESTS == 0) {
        mismatch += SampleRatioMismatch.logEvidence(exposures, shares);
        exposures = new long[shares.length];
        shares =
            sampling.shares(
                List.of(new NormalPosterior(arms[0]), new NormalPosterior(arms[1])), shares);
      }
    }
    return fired;
  }

  /** Whether the always-valid interval of p95 ever leaves it out. */
  static Rate quantileMissed(int repetitions, long seed) {
    int missed = 0;
    for (int i = 0; i < repetitions; i++) {
      missed += quantileMissed(new SplittableRandom(seed + i)) ? 1 : 0;
    }
    return new Rate(missed, repetitions);
  }

  private static boolean quantileMissed(SplittableRandom random) {
    QuantileSketch sketch = new QuantileSketch();
    double p95 = Math.exp(P95);
    for (int i = 0; i < REQUESTS; i++) {
      sketch.add(Math.exp(random.nextGaussian()));
      if ((i + 1) % REQUESTS_PER_LOOK == 0 && !sketch.interval(0.95, ALPHA).contains(p95)) {
        return true;
      }
    }
    return false;
  }

  /** The share of lognormal answers beyond their p95 when they are slower by a factor. */
  static double slowerThanP95(double factor, double sigma) {
    return NormalDistribution.of(0, 1).survivalProbability(P95 - Math.log(factor) / sigma);
  }
}
