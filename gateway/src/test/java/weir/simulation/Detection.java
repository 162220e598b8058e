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
  private static final int BOUND_REQUESTS = 40_000;
  private static final int BOUND_LOOK = 100;
  private static final double PERCENT = 100;

  /** Two event rates at a share; harm when the candidate's is higher. */
  record Events(double rho, double stable, double candidate) {}

  /** A rollout's shares in percent, and how many requests lie between two looks. */
  record Plan(List<Double> percent, int requestsPerLook) {}

  /** Requests to a verdict; {@code missed} never came to it. */
  record Requests(int median, int ninthDecile, Rate missed) {}

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
            new SimulatedRollout.Pace(Journeys.PER_SECOND, plan.requestsPerLook(), GIVE_UP));
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

  /** The whole gate in one step for a candidate whose ratio is exactly 1 + margin. */
  static Rate promotedAtBound(
      Events events, double margin, double alpha, int repetitions, long seed) {
    List<Check> checks = List.of(new Check.Errors(events.candidate(), Optional.of(margin), true));
    SimulatedRollout.Terms terms =
        new SimulatedRollout.Terms(
            SimulatedRollout.steps(List.of(PERCENT * events.rho(), PERCENT)),
            SimulatedExperiment.settings(alpha, checks),
            new SimulatedRollout.Pace(Journeys.PER_SECOND, BOUND_LOOK, BOUND_REQUESTS));
    World world = World.harmless(events.stable()).withCandidateErrors(events.candidate());
    return Journeys.of(terms, world, repetitions, seed).promoted();
  }

  /** Whether the bound of the ratio or of the candidate's rate, both exact, ever lets it pass. */
  static Rate boundsPassed(Events events, double margin, double alpha, int repetitions, long seed) {
    int passed = 0;
    for (int i = 0; i < repetitions; i++) {
      passed += boundsPass(events, margin, alpha, new SplittableRandom(seed + i)) ? 1 : 0;
    }
    return new Rate(passed, repetitions);
  }

  private static boolean boundsPass(
      Events events, double margin, double alpha, SplittableRandom random) {
    RiskRatioProcess process = new RiskRatioProcess();
    int trials = 0;
    int failures = 0;
    for (int i = 0; i < BOUND_REQUESTS; i++) {
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
      if (i % BOUND_LOOK == 0
          && trials > 0
          && LogEvidence.rejects(
              new RateBound(failures, trials).logEvidenceBelow(events.candidate()), alpha / 2)) {
        return true;
      }
    }
    return false;
  }
}
