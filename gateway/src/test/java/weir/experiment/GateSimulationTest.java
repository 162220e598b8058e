package weir.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.experiment.Bench.CANDIDATE;
import static weir.experiment.Bench.FAILED;
import static weir.experiment.Bench.MILLI;
import static weir.experiment.Bench.OK;
import static weir.experiment.Bench.STABLE;

import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Error rates of the whole of evidence and verdicts under continuous looking; fixed seeds. */
class GateSimulationTest {
  private static final double[] SHARES = {0.05, 0.1, 0.25, 0.5};
  private static final int USERS = 3_000;
  private static final int REQUESTS_PER_LOOK = 50;
  private static final int RUNS = 100;
  private static final double ALPHA = 0.05;

  private enum End {
    HARMFUL,
    PROMOTED,
    UNDECIDED,
    INVALID
  }

  /** A few users send most requests, and a few of them get most errors. */
  private static final class World {
    private final SplittableRandom random;
    private final Bench bench;
    private final double extraErrors;
    private final double slower;
    private final boolean sticky;
    private final long salt;
    private int requests;

    World(long seed, boolean sticky, double extraErrors, double slower) {
      random = new SplittableRandom(seed);
      salt = random.nextLong();
      this.sticky = sticky;
      this.extraErrors = extraErrors;
      this.slower = slower;
      bench =
          new Bench(
              Bench.terms(sticky, 100_000, ALPHA, Check.Errors.defaults(), Check.Latency.of(0.95)));
    }

    void request() {
      int user = (int) (USERS * Math.pow(random.nextDouble(), 3));
      SplittableRandom ofUser = new SplittableRandom(salt + user);
      long unit = ofUser.nextLong();
      double place = sticky ? ofUser.nextDouble() : random.nextDouble();
      String version = place < bench.rho ? CANDIDATE : STABLE;
      boolean candidate = version.equals(CANDIDATE);
      double daily = 1 + 0.5 * Math.sin(requests++ / 1_000.0);
      double errors =
          (sticky && user % 20 == 0 ? 0.1 : 0.002) * daily + (candidate ? extraErrors : 0);
      double millis = Math.exp(0.5 * random.nextGaussian()) * (candidate ? slower : 1);
      bench.request(
          version, unit, random.nextDouble() < errors ? FAILED : OK, Math.round(millis * MILLI));
    }

    /** Each step lasts that long whatever the checks say. */
    boolean everOnARamp(int requestsPerStep, Predicate<CheckResult> said) {
      for (int step = 0; step < SHARES.length; step++) {
        bench.step(step, SHARES[step]);
        for (int i = 0; i < requestsPerStep; i += REQUESTS_PER_LOOK) {
          for (int k = 0; k < REQUESTS_PER_LOOK; k++) {
            request();
          }
          if (bench.look().checks().stream().anyMatch(said)) {
            return true;
          }
        }
      }
      return false;
    }

    /** Advances when all gating checks pass. */
    End rollout(int requestsMax) {
      int step = 0;
      bench.step(step, SHARES[step]);
      while (requests < requestsMax) {
        for (int k = 0; k < 4 * REQUESTS_PER_LOOK; k++) {
          request();
        }
        Look look = bench.look();
        if (any(look, Verdict.Harmful.class)) {
          return End.HARMFUL;
        } else if (any(look, Verdict.Invalid.class)) {
          return End.INVALID;
        } else if (!any(look, Verdict.Undecided.class)) {
          step++;
          if (step == SHARES.length) {
            return End.PROMOTED;
          }
          bench.step(step, SHARES[step]);
        }
      }
      return End.UNDECIDED;
    }

    private static boolean any(Look look, Class<? extends Verdict> kind) {
      return look.checks().stream()
          .anyMatch(result -> result.gates() && kind.isInstance(result.verdict()));
    }
  }

  @Test
  void ramp_sameVersionsAndStickyHeavyUsers_reachTheThresholdInAtMostAlpha() {
    double threshold = Math.log(2 / ALPHA);
    int rejected = 0;
    for (int run = 0; run < RUNS; run++) {
      World world = new World(run, true, 0, 1);
      rejected +=
          world.everOnARamp(2_000, result -> result.gates() && result.logEvidence() >= threshold)
              ? 1
              : 0;
    }
    assertThat(rejected).isLessThanOrEqualTo((int) (ALPHA * RUNS));
  }

  @Test
  void rollout_moreErrors_areFoundHarmful() {
    for (int run = 0; run < 10; run++) {
      assertThat(new World(run, true, 0.08, 1).rollout(40_000)).isEqualTo(End.HARMFUL);
    }
  }

  @Test
  void rollout_slowerAnswers_areFoundHarmful() {
    for (int run = 0; run < 10; run++) {
      assertThat(new World(run, false, 0, 2).rollout(40_000)).isEqualTo(End.HARMFUL);
    }
  }

  @Test
  void rollout_healthyVersion_isPromoted() {
    int promoted = 0;
    for (int run = 0; run < 10; run++) {
      promoted += new World(run, false, 0, 1).rollout(60_000) == End.PROMOTED ? 1 : 0;
    }
    assertThat(promoted).isGreaterThanOrEqualTo(9);
  }
}
