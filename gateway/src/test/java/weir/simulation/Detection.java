package weir.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import weir.experiment.Check;
import weir.experiment.ExperimentSettings;
import weir.stats.LogEvidence;
import weir.stats.RateBound;
import weir.stats.RiskRatioProcess;

/** How many requests harm needs, and whether a candidate at a bound gets past it. */
final class Detection {
  private static final int GIVE_UP = 1_000_000;

  /** Two event rates at a share; harm when the candidate's is higher. */
  record Events(double rho, double stable, double candidate) {}

  /** A rollout's shares in percent, and how many requests lie between two looks. */
  record Plan(List<Double> percent, int requestsPerLook) {}

  /** Requests to a verdict; {@code missed} never came to it. */
  record Requests(int median, int worst90, Rate missed) {}

  private Detection() {}

  /** The test alone, asked at every event, with known shares. */
  static Requests alone(Events events, double alpha, int repetitions, long seed) {
    int[] needed = new int[repetitions];
    for (int i = 0; i < repetitions; i++) {
      needed[i] = alone(events, alpha, seed + i);
    }
    return requests(needed);
  }

  private static int alone(Events events, double alpha, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RiskRatioProcess process = new RiskRatioProcess();
    for (int i = 1; i < GIVE_UP; i++) {
      boolean candidate = random.nextDouble() < events.rho();
      if (random.nextDouble() < (candidate ? events.candidate() : events.stable())) {
        process.add(events.rho(), candidate);
        if (LogEvidence.rejects(process.evidence().logHarmEvidence(), alpha)) {
          return i;
        }
      }
    }
    return GIVE_UP;
  }

  /** A whole rollout under the usual checks; whatever is not rolled back for harm was missed. */
  static Requests gate(World world, Plan plan, double alpha, int repetitions, long seed) {
    SimulatedRollout.Terms terms =
        new SimulatedRollout.Terms(
            SimulatedRollout.steps(plan.percent()),
            SimulatedExperiment.settings(alpha, ExperimentSettings.defaults().checks()),
            new SimulatedRollout.Pace(20, plan.requestsPerLook(), GIVE_UP));
    int[] needed = new int[repetitions];
    for (int i = 0; i < repetitions; i++) {
      SimulatedRollout.End end = new SimulatedRollout(terms, world, seed + i).run();
      needed[i] = end.rolledBack() ? (int) end.requests() : GIVE_UP;
    }
    return requests(needed);
  }

  private static Requests requests(int[] needed) {
    int[] sorted = needed.clone();
    Arrays.sort(sorted);
    int missed = (int) Arrays.stream(sorted).filter(each -> each >= GIVE_UP).count();
    return new Requests(
        sorted[sorted.length / 2], sorted[sorted.length * 9 / 10], new Rate(missed, sorted.length));
  }

  /**
   * The whole gate, one step of 50 %, for a candidate whose ratio and rate are exactly at bounds.
   */
  static Rate promotedAtBound(double alpha, int repetitions, long seed) {
    SimulatedRollout.Terms terms =
        new SimulatedRollout.Terms(
            SimulatedRollout.steps(List.of(50.0, 100.0)),
            SimulatedExperiment.settings(
                alpha, List.of(new Check.Errors(0.03, Optional.of(0.5), true))),
            new SimulatedRollout.Pace(20, 100, 40_000));
    World world = World.harmless(0.02).withCandidateErrors(0.03);
    int promoted = 0;
    for (int i = 0; i < repetitions; i++) {
      promoted += new SimulatedRollout(terms, world, seed + i).run().promoted() ? 1 : 0;
    }
    return new Rate(promoted, repetitions);
  }

  /**
   * Whether the ratio's bound or the rate's ever passes, asked at every event of 40,000 requests.
   */
  static Rate boundsPassed(
      Events events, double margin, double tolerable, double alpha, int repetitions, long seed) {
    int passed = 0;
    for (int i = 0; i < repetitions; i++) {
      passed +=
          boundsPass(events, margin, tolerable, alpha, new SplittableRandom(seed + i)) ? 1 : 0;
    }
    return new Rate(passed, repetitions);
  }

  private static boolean boundsPass(
      Events events, double margin, double tolerable, double alpha, SplittableRandom random) {
    RiskRatioProcess process = new RiskRatioProcess();
    int trials = 0;
    int failures = 0;
    for (int i = 0; i < 40_000; i++) {
      boolean candidate = random.nextDouble() < events.rho();
      boolean event = random.nextDouble() < (candidate ? events.candidate() : events.stable());
      trials += candidate ? 1 : 0;
      failures += candidate && event ? 1 : 0;
      if (event) {
        process.add(events.rho(), candidate);
        if (process.evidence().bounds(alpha / 2).high() < 1 + margin) {
          return true;
        }
      }
      if (i % 20 == 0
          && trials > 0
          && LogEvidence.rejects(
              new RateBound(failures, trials).logEvidenceBelow(tolerable), alpha / 2)) {
        return true;
      }
    }
    return false;
  }
}
