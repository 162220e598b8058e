package weir.simulation;

import static weir.simulation.Report.count;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import weir.rollout.RolloutSettings;
import weir.simulation.Detection.Events;
import weir.simulation.Detection.Plan;
import weir.simulation.Detection.Requests;

/** The rows about single tests: false alarms, harm, and candidates at a bound. */
record TestRows(Report report, RolloutSimulation.Effort effort) {
  private static final double LOOSE = 0.05;
  private static final double STRICT = 0.01;
  private static final int USERS = 3_000;
  private static final Plan HALF = new Plan(List.of(50.0, 100.0), 100);
  private static final Plan TWENTIETH = new Plan(List.of(5.0, 100.0), 100);
  private static final Plan USUAL = new Plan(RolloutSettings.defaults().steps(), 1_000);
  private static final int NONE = 0;

  void add() {
    harmless();
    quantiles();
    harm();
    bounds();
  }

  private void harmless() {
    report.heading(
        "Harmless worlds: the share in which a test at level 0.05 ever fires in 100 looks");
    report.text(
        """
        20,000 requests, 3 % errors; heavy users are 3,000. Two-sided z-tests and a χ² test of the shares at 0.05 look at the same moments at all requests as
        they are; of late labels they count what has arrived.\
        """);
    report.head(
        "world",
        "A errors",
        "A latency p95",
        "B reward",
        "D shares",
        "z errors",
        "z latency",
        "z reward",
        "χ² shares");
    World world = World.harmless(0.03);
    harmless("constant split 50 %", world, FalseAlarms.CONSTANT);
    harmless("ramp 5, 10, 25, 50 %, daily cycle", world.withDailyCycle(), FalseAlarms.RAMP);
    World heavy = world.withHeavyUsers(USERS);
    harmless("heavy sticky users", heavy, FalseAlarms.CONSTANT);
    harmless("heavy sticky users, ramp, daily cycle", heavy.withDailyCycle(), FalseAlarms.RAMP);
    harmless("cold cache (hits 90 % and 50 %)", world.withColdCache(), FalseAlarms.CONSTANT);
    harmless("late labels, ramp, daily cycle (A: conversions)", FalseAlarms::delayed, 1, 5, 7);
    harmless("Thompson traffic, daily cycle (A: conversions)", FalseAlarms::thompson, 1, 5);
  }

  private void harmless(String name, World world, double[] shares) {
    harmless(name, seed -> FalseAlarms.planned(world, shares, seed));
  }

  /** {@code without}: the tests that say nothing in this world. */
  private void harmless(String name, FalseAlarms.Repetition repetition, Integer... without) {
    List<Rate> rates = FalseAlarms.rates(repetition, effort.tests(), report.seeds());
    List<String> cells = new ArrayList<>(List.of(name));
    Rate worst = new Rate(0, effort.tests());
    for (int test = 0; test < FalseAlarms.TESTS; test++) {
      cells.add(List.of(without).contains(test) ? "–" : rates.get(test).percent());
      if (test < FalseAlarms.TESTS / 2 && rates.get(test).hits() > worst.hits()) {
        worst = rates.get(test);
      }
    }
    report.row(cells);
    report.goal(
        "type-I error, " + name + ": the worst test",
        "≤ 5 %",
        worst.percent(),
        effort.atMost(FalseAlarms.ALPHA, worst));
  }

  private void quantiles() {
    Rate missed = FalseAlarms.quantileMissed(effort.tests(), report.seeds());
    report.goal(
        "type-I error, C: the interval of p95 ever leaves p95 out",
        "≤ 5 %",
        missed.percent(),
        effort.atMost(FalseAlarms.ALPHA, missed));
  }

  private void harm() {
    report.heading("Harm: median requests (ninth decile) of both variants until it is said");
    report.text(
        """
        A alone is asked at every event and knows what is slow. The gate shares alpha over four checks and over the planned steps,
        learns what is slow from 500 requests, and wants an estimate beyond half the step's margin. Missed: promoted or ended otherwise.\
        """);
    report.head(
        "world",
        "A alone, 0.05",
        "A alone, 0.01",
        "gate at that share, 0.05",
        "gate at that share, 0.01",
        "gate, default steps, 0.01",
        "missed there");
    World same = World.harmless(0.01);
    World doubled = same.withCandidateErrors(0.02);
    World fivefold = same.withCandidateErrors(0.05);
    harm("errors 1 → 2 % at 50 %", new Events(0.5, 0.01, 0.02), doubled, HALF, 3_500, 6_500);
    harm("errors 1 → 5 % at 5 %", new Events(0.05, 0.01, 0.05), fivefold, TWENTIETH, 2_800, 3_800);
    slow(0.5, 800, 1_100);
    slow(1, NONE, NONE);
  }

  private void slow(double sigma, int goalLoose, int goalStrict) {
    double factor = 1.5;
    Events events = new Events(0.05, 0.05, FalseAlarms.slowerThanP95(factor, sigma));
    harm(
        "latency × " + factor + " at 5 %, σ " + sigma,
        events,
        World.harmless(0.01).withSlower(factor, sigma),
        TWENTIETH,
        goalLoose,
        goalStrict);
  }

  private void harm(
      String name, Events events, World world, Plan plan, int goalLoose, int goalStrict) {
    Requests loose = Detection.alone(events, LOOSE, effort.alone(), report.seeds());
    Requests strict = Detection.alone(events, STRICT, effort.alone(), report.seeds());
    Requests looseGate = Detection.gate(world, plan, LOOSE, effort.gates(), report.seeds());
    Requests strictGate = Detection.gate(world, plan, STRICT, effort.gates(), report.seeds());
    Requests usual = Detection.gate(world, USUAL, STRICT, effort.gates(), report.seeds());
    List<String> cells = new ArrayList<>(List.of(name));
    Stream.of(loose, strict, looseGate, strictGate, usual)
        .map(each -> "%s (%s)".formatted(count(each.median()), count(each.ninthDecile())))
        .forEach(cells::add);
    cells.add(usual.missed().percent());
    report.row(cells);
    if (goalLoose != NONE) {
      report.goal(
          name + ", A alone, alpha 0.05 / 0.01",
          "≤ %s / %s requests".formatted(count(goalLoose), count(goalStrict)),
          count(loose.median()) + " / " + count(strict.median()),
          within(loose, goalLoose) && within(strict, goalStrict));
    }
  }

  /** A standard error of the median of waiting times is about their median over √n. */
  private boolean within(Requests requests, int goal) {
    return requests.median() <= goal * (1 + effort.noise() / Math.sqrt(effort.alone()));
  }

  private void bounds() {
    Events atBound = new Events(0.5, 0.02, 0.03);
    Rate alone = Detection.boundsPassed(atBound, 0.5, LOOSE, effort.rules(), report.seeds());
    Rate promoted = Detection.promotedAtBound(atBound, 0.5, LOOSE, effort.rules(), report.seeds());
    report.heading(
        "A candidate exactly at its bounds: errors 2 → 3 %, margin 0.5, tolerable rate 3 %");
    report.text(
        """
        At alpha 0.05, a share of 50 %% and over 40,000 requests, the bounds alone, asked at every event whether there is harm or not,
        let it pass in %s. The gate, which takes harm back first, promoted it in %s.\
        """
            .formatted(alone.percent(), promoted.percent()));
    report.goal(
        "candidate exactly at a margin's bound promoted, alpha 0.05: bounds alone / gate",
        "≤ 5 %",
        alone.percent() + " / " + promoted.percent(),
        effort.atMost(LOOSE, alone, promoted));
  }
}
