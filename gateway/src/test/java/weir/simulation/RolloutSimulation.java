package weir.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.rollout.RolloutSettings;

/** Writes the report of how often rollouts are decided wrongly, and how soon rightly. */
final class RolloutSimulation {
  /**
   * How often each kind of world is repeated; a candidate without errors takes half the {@code
   * rollouts}, other harmless ones a quarter. {@code noise}: the standard errors by which a result
   * may be beyond its goal.
   */
  record Effort(int tests, int alone, int gates, int rollouts, int rules, int slow, double noise) {
    static final Effort COMMITTED = new Effort(250, 2_000, 30, 200, 200, 10, 0);

    boolean atMost(double limit, Rate... rates) {
      return Stream.of(rates).allMatch(rate -> rate.atMost(limit, noise));
    }
  }

  private static final long SEED = 20_260_201;

  private RolloutSimulation() {}

  /** Writes the committed report to the file named by the first argument. */
  public static void main(String[] arguments) throws IOException {
    Effort effort = Effort.COMMITTED;
    Report report = new Report(SEED);
    new TestRows(report, effort).add();
    new RolloutRows(report, effort).add();
    Files.writeString(Path.of(arguments[0]), header(effort) + "\n" + report.text());
    if (!report.met()) {
      throw new IllegalStateException("a goal is not met: " + arguments[0]);
    }
  }

  /** The lines of the goals' table with this effort. */
  static List<String> goalRows(Effort effort) {
    Report report = new Report(SEED);
    new TestRows(report, effort).add();
    new RolloutRows(report, effort).addGoals();
    return report.goals();
  }

  /** What the report says before its first result. */
  static String header(Effort effort) {
    return String.format(
        Locale.ROOT,
        """
        # How often rollouts are decided wrongly, and how soon rightly

        `ops/simulate rollout` writes this file; equal code writes equal bytes but in row C, whose sketch draws random bits of its own. Seeds count from %d. Repetitions: tests in harmless
        worlds %d, a test alone %d, harm and other settings through the whole gate %d each, an A/A rollout %d (without errors half, the other
        harmless worlds a quarter of that), other gates and candidates at a bound %d, rollouts with few requests %d.

        All but the tests alone and the bandit's run on the real `Experiment` and `Rollout.next` under a virtual clock, by default with alpha 0.01
        over errors, invalid outputs, latency p95 and p99, with the steps %s, at %.0f requests a second; a step takes 10 minutes to a
        day. Looks lie 100 requests apart, in the default steps 1,000: how late a decision comes depends on it, how right it is does not.
        A request ends as it begins; latency is lognormal (σ 0.5 unless said) and what is slower than the stable's p95 counts as slow.
        ± is one standard error; where nothing was seen, the bound is that of 95 %% confidence.
        """,
        SEED,
        effort.tests,
        effort.alone,
        effort.gates,
        effort.rollouts,
        effort.rules,
        effort.slow,
        RolloutSettings.defaults().steps().stream()
            .map(step -> String.format(Locale.ROOT, "%.0f", step))
            .collect(Collectors.joining(", ")),
        Journeys.PER_SECOND);
  }
}
