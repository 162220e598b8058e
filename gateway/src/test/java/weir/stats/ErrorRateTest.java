package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import weir.stats.MeanDifference.Estimated;
import weir.stats.MeanDifference.Kind;
import weir.stats.MeanDifference.Stratum;

/**
 * Harmless worlds looked at again and again: none of the tests may fire in more than 5 % of them.
 *
 * <p>Each world is one seed; a world answers whether the test ever fired in it.
 */
class ErrorRateTest {
  private static final double ALPHA = 0.05;
  private static final int REQUESTS = 20_000;
  private static final int LOOK = 100;

  @Test
  void riskRatio_constantShare_firesInAtMostFivePercent() {
    assertThat(rate(500, random -> ratioFires(random, false))).isLessThanOrEqualTo(ALPHA);
  }

  @Test
  void riskRatio_rampWithDailyCycle_firesInAtMostFivePercent() {
    assertThat(rate(500, random -> ratioFires(random, true))).isLessThanOrEqualTo(ALPHA);
  }

  private static boolean ratioFires(SplittableRandom random, boolean ramp) {
    RiskRatioProcess process = new RiskRatioProcess();
    for (int i = 0; i < REQUESTS; i++) {
      double rho = ramp ? ramp(i) : 0.5;
      boolean onCandidate = random.nextDouble() < rho;
      if (random.nextDouble() < 0.03 * (ramp ? cycle(i) : 1)) {
        process.add(rho, onCandidate);
      }
      if (i % LOOK == 0 && LogEvidence.rejects(process.evidence().logEvidence(), ALPHA)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void riskRatio_shareThatChasesTheEvents_firesInAtMostFivePercent() {
    Predicate<SplittableRandom> world =
        random -> {
          RiskRatioProcess process = new RiskRatioProcess();
          double rho = 0.5;
          for (int i = 1; i <= 2_000; i++) {
            process.add(rho, random.nextDouble() < rho);
            if (i % 20 == 0) {
              RatioEvidence evidence = process.evidence();
              if (LogEvidence.rejects(evidence.logHarmEvidence(), ALPHA)) {
                return true;
              }
              rho = evidence.estimate().orElse(1) > 1 ? 0.1 : 0.9;
            }
          }
          return false;
        };

    assertThat(rate(1_000, world)).isLessThanOrEqualTo(ALPHA);
  }

  @Test
  void riskRatio_trueRatioBetweenGridPoints_isLeftOutInAtMostFivePercent() {
    double truth = 1.25;
    Predicate<SplittableRandom> world =
        random -> {
          RiskRatioProcess process = new RiskRatioProcess();
          for (int i = 1; i <= 2_000; i++) {
            double rho = i < 1_000 ? 0.05 : 0.5;
            process.add(rho, random.nextDouble() < rho * truth / (rho * truth + 1 - rho));
            if (i % 20 == 0 && !process.evidence().bounds(ALPHA).contains(truth)) {
              return true;
            }
          }
          return false;
        };

    assertThat(rate(1_000, world)).isLessThanOrEqualTo(ALPHA);
  }

  @Test
  void meanDifference_rampWithDailyCycle_firesInAtMostFivePercentUnlessPooled() {
    assertThat(rate(300, random -> meanFires(random, false))).isLessThanOrEqualTo(ALPHA);
    assertThat(rate(30, random -> meanFires(random, true))).isGreaterThan(0.9);
  }

  private static boolean meanFires(SplittableRandom random, boolean pooled) {
    List<Stratum> past = new ArrayList<>();
    Moments[] arms = {Moments.NONE, Moments.NONE};
    for (int i = 0; i < REQUESTS; i++) {
      int arm = random.nextDouble() < ramp(i) ? 1 : 0;
      arms[arm] = arms[arm].with(cycle(i) + random.nextGaussian());
      if ((i + 1) % LOOK == 0) {
        List<Stratum> strata = new ArrayList<>(past);
        strata.add(new Stratum(arms[0], arms[1]));
        if (MeanDifference.of(strata, Kind.MEAN, 0.1) instanceof Estimated estimated
            && LogEvidence.rejects(estimated.logEvidence(), ALPHA)) {
          return true;
        }
        if (!pooled && ramp(i + 1) != ramp(i)) {
          past = strata;
          arms = new Moments[] {Moments.NONE, Moments.NONE};
        }
      }
    }
    return false;
  }

  @Test
  void scoreProcess_shareThatChasesTheOutcomes_firesInAtMostFivePercent() {
    Predicate<SplittableRandom> world =
        random -> {
          ScoreProcess process = new ScoreProcess();
          double rho = 0.5;
          for (int i = 1; i <= 5_000; i++) {
            boolean onCandidate = random.nextDouble() < rho;
            process.add(rho, onCandidate, cycle(4 * i) + random.nextGaussian());
            if (i % 50 == 0
                && process.evidence().difference(Kind.MEAN, 0.1) instanceof Estimated estimated) {
              if (LogEvidence.rejects(estimated.logEvidence(), ALPHA)) {
                return true;
              }
              rho = estimated.difference() > 0 ? 0.9 : 0.1;
            }
          }
          return false;
        };

    assertThat(rate(500, world)).isLessThanOrEqualTo(ALPHA);
  }

  @Test
  void rankInterval_everyLook_missesTheQuantileInAtMostFivePercent() {
    Predicate<SplittableRandom> world =
        random -> {
          int below = 0;
          for (int i = 1; i <= 10_000; i++) {
            below += random.nextDouble() < 0.95 ? 1 : 0;
            if (i % LOOK == 0) {
              RankInterval ranks = RankInterval.of(i, 0.95, ALPHA);
              if (below < ranks.low() || below >= ranks.high()) {
                return true;
              }
            }
          }
          return false;
        };

    assertThat(rate(500, world)).isLessThanOrEqualTo(ALPHA);
  }

  @Test
  void rateBound_everyLook_fallsBelowTheRateInAtMostFivePercent() {
    Predicate<SplittableRandom> world =
        random -> {
          int events = 0;
          for (int i = 1; i <= 10_000; i++) {
            events += random.nextDouble() < 0.02 ? 1 : 0;
            if (i % 20 == 0
                && LogEvidence.rejects(new RateBound(events, i).logEvidenceBelow(0.02), ALPHA)) {
              return true;
            }
          }
          return false;
        };

    assertThat(rate(500, world)).isLessThanOrEqualTo(ALPHA);
  }

  @Test
  void sampleRatioMismatch_twoGenerations_firesInAtMostFivePercent() {
    Predicate<SplittableRandom> world =
        random -> {
          long[][] counts = new long[2][2];
          double[][] shares = {{0.95, 0.05}, {0.5, 0.5}};
          for (int i = 0; i < REQUESTS; i++) {
            int generation = i < REQUESTS / 2 ? 0 : 1;
            counts[generation][random.nextDouble() < shares[generation][0] ? 0 : 1]++;
            if (i % LOOK == 0
                && LogEvidence.rejects(
                    SampleRatioMismatch.logEvidence(counts[0], shares[0])
                        + SampleRatioMismatch.logEvidence(counts[1], shares[1]),
                    ALPHA)) {
              return true;
            }
          }
          return false;
        };

    assertThat(rate(500, world)).isLessThanOrEqualTo(ALPHA);
  }

  private static double rate(int worlds, Predicate<SplittableRandom> fires) {
    int fired = 0;
    for (int seed = 0; seed < worlds; seed++) {
      fired += fires.test(new SplittableRandom(seed)) ? 1 : 0;
    }
    return (double) fired / worlds;
  }

  /** 5 % to 50 % in four steps. */
  private static double ramp(int request) {
    return new double[] {0.05, 0.1, 0.25, 0.5, 0.5}[4 * request / REQUESTS];
  }

  /** The common level over two days. */
  private static double cycle(int request) {
    return 1 + 0.8 * Math.sin(4 * Math.PI * request / REQUESTS);
  }
}
