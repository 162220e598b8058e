package weir.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import weir.routing.BanditTerms;
import weir.simulation.BanditSimulation.Effort;

/** The rows of the bandit's report: regret beside other rules, then the tests under its traffic. */
final class BanditRows {
  static final BanditTerms TERMS = terms(0.05);
  private static final BanditTerms LOW = terms(0.01);
  static final double EPSILON = 0.1;

  private static BanditTerms terms(double floor) {
    return new BanditTerms(
        BanditTerms.Goal.REWARD, floor, 100, Duration.ofMinutes(1), Duration.ofDays(7));
  }

  /** A mean with its standard error. */
  private record Mean(double mean, double error) {
    static Mean of(double[] values) {
      double sum = 0;
      for (double value : values) {
        sum += value;
      }
      double mean = sum / values.length;
      double squares = 0;
      for (double value : values) {
        squares += (value - mean) * (value - mean);
      }
      return new Mean(mean, Math.sqrt(squares / (values.length - 1) / values.length));
    }

    String text() {
      return String.format(Locale.ROOT, "%.0f ± %.0f", mean, error);
    }
  }

  private final Report report;
  private final Effort effort;

  BanditRows(Report report, Effort effort) {
    this.report = report;
    this.effort = effort;
  }

  void add() {
    regrets();
    tests();
  }

  private void regrets() {
    report.heading("Regret: what the best arm would have earned more over 36,000 requests");
    report.text(
        """
        Greedy gives the arm with the highest mean all but epsilon, which all share: 0.1, or what leaves each arm the floor of 5 %
        that Thompson sampling leaves it; with two arms that is the same. Where both leave the same floor, the floor explores for
        both, and greedy, which never hedges, loses a little less; with a floor of 1 % Thompson sampling explores by itself.
        All see the same outcomes at the same moments, from the same seeds.\
        """);
    report.head(
        "world", "uniform", "greedy, 0.1", "greedy, floor 5 %", "Thompson, 5 %", "Thompson, 1 %");
    regret("2 arms, 20 and 22 %", BanditWorld.conversions(0.20, 0.22));
    regret("2 arms, 20 and 30 %", BanditWorld.conversions(0.20, 0.30));
    regret("3 arms, 20, 22, 25 %", BanditWorld.conversions(0.20, 0.22, 0.25));
    regret("5 arms, 18 to 25 %", BanditWorld.conversions(0.18, 0.20, 0.20, 0.22, 0.25));
    regret("3 arms, normal, 1, 1.05, 1.15", BanditWorld.normal(1, 1.05, 1.15));
    regret("20 and 25 %, both drift by half", BanditWorld.conversions(0.20, 0.25).withSwing(0.5));
    regret("20 and 25 %, swapped half-way", BanditWorld.conversions(0.20, 0.25).withTurn());
    regret(
        "20 and 25 %, labels an hour late",
        BanditWorld.conversions(0.20, 0.25).withLabelsAfter(60));
  }

  private void regret(String name, BanditWorld world) {
    long seeds = report.seeds();
    double sameFloor = TERMS.floor() * world.arms();
    double[] uniform = regrets(world, BanditRule.Uniform::new, seeds);
    double[] greedy = regrets(world, () -> greedy(EPSILON, world), seeds);
    double[] floored = regrets(world, () -> greedy(sameFloor, world), seeds);
    double[] thompson = regrets(world, () -> new BanditRule.Thompson(TERMS), seeds);
    double[] low = regrets(world, () -> new BanditRule.Thompson(LOW), seeds);
    report.row(
        List.of(
            name,
            Mean.of(uniform).text(),
            Mean.of(greedy).text(),
            Mean.of(floored).text(),
            Mean.of(thompson).text(),
            Mean.of(low).text()));
    below(name + ": Thompson, 5 % − uniform", thompson, uniform);
    below(name + ": Thompson, 5 % − greedy, floor 5 %", thompson, floored);
    below(name + ": Thompson, 1 % − greedy, 0.1", low, greedy);
  }

  private static BanditRule greedy(double epsilon, BanditWorld world) {
    return new BanditRule.EpsilonGreedy(epsilon, TERMS.outcomesMin(), world.arms());
  }

  private double[] regrets(BanditWorld world, Supplier<BanditRule> rule, long seeds) {
    double[] regrets = new double[effort.regrets()];
    for (int i = 0; i < regrets.length; i++) {
      regrets[i] = new SimulatedBandit(world, rule.get(), seeds + i).run().regret();
    }
    return regrets;
  }

  /** Below by two standard errors of the difference from seed to seed. */
  private void below(String name, double[] thompson, double[] other) {
    double[] differences = new double[thompson.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = thompson[i] - other[i];
    }
    Mean difference = Mean.of(differences);
    report.goal(
        "regret, " + name,
        "< 0 by 2 SE",
        difference.text(),
        difference.mean() + 2 * difference.error() < 0);
  }

  private void tests() {
    report.heading("Tests and intervals under the bandit's traffic: wrong at any of 110 looks");
    report.text(
        """
        A (risk ratio) and B (means by scores, τ 0.02) at level 0.05, last arm against the first; intervals are those of 95 %.
        Missed: the interval ever left the truth out. A says nothing of normal rewards. Sales are worth 3,
        so that the shares follow normal posteriors, as in all these worlds: Beta posteriors cost five times as much.\
        """);
    report.head("world", "A fires", "B fires", "ratio missed", "difference missed");
    tests("2 equal arms, sales, drift by half", BanditWorld.sales(0.6, 0.6).withSwing(0.5));
    tests("3 equal arms, sales", BanditWorld.sales(0.6, 0.6, 0.6));
    tests("2 arms, sales, ratio 1.25", BanditWorld.sales(0.6, 0.75));
    tests("2 equal arms, normal", BanditWorld.normal(1, 1));
    tests("2 arms, normal, 1 and 1.15", BanditWorld.normal(1, 1.15));
  }

  private void tests(String name, BanditWorld world) {
    long seeds = report.seeds();
    int[] hits = new int[4];
    for (int i = 0; i < effort.tests(); i++) {
      SimulatedBandit.Run run =
          new SimulatedBandit(world, new BanditRule.Thompson(TERMS), seeds + i).run();
      hits[0] += run.ratioFired() ? 1 : 0;
      hits[1] += run.meanFired() ? 1 : 0;
      hits[2] += run.ratioMissed() ? 1 : 0;
      hits[3] += run.meanMissed() ? 1 : 0;
    }
    boolean equal = world.mean(0, 0) == world.mean(world.arms() - 1, 0);
    List<String> cells = new ArrayList<>(List.of(name));
    cells.add(cell(!world.normal(), hits[0]));
    cells.add(cell(true, hits[1]));
    cells.add(cell(!world.normal(), hits[2]));
    cells.add(cell(true, hits[3]));
    report.row(cells);
    if (equal && !world.normal()) {
      limit("type-I error of A, " + name, hits[0]);
    }
    if (equal) {
      limit("type-I error of B, " + name, hits[1]);
    }
    if (!world.normal()) {
      limit("ratio's interval misses, " + name, hits[2]);
    }
    limit("difference's interval misses, " + name, hits[3]);
  }

  private String cell(boolean says, int hits) {
    return says ? new Rate(hits, effort.tests()).percent() : "–";
  }

  private void limit(String name, int hits) {
    Rate rate = new Rate(hits, effort.tests());
    report.goal(name, "≤ 5 %", rate.percent(), rate.atMost(SimulatedBandit.ALPHA, 0));
  }
}
