package weir.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.rollout.RolloutSettings;
import weir.simulation.Detection.Events;
import weir.simulation.Detection.Plan;
import weir.simulation.Detection.Requests;

/** Writes the report of how often the gate is wrong, and how many requests it needs to be right. */
final class RolloutSimulation {
  /** How often each kind of world is repeated. */
  record Effort(int tests, int alone, int gates, int rollouts, int rules, int slow) {
    static final Effort COMMITTED = new Effort(300, 2_000, 60, 200, 400, 10);
  }

  private static final long SEED = 20_260_201;
  private static final double ALPHA = 0.01;
  private static final List<Double> USUAL_STEPS = RolloutSettings.defaults().steps();
  private static final Plan HALF = new Plan(List.of(50.0, 100.0), 100);
  private static final Plan TWENTIETH = new Plan(List.of(5.0, 100.0), 100);
  private static final Plan USUAL = new Plan(USUAL_STEPS, 500);
  private static final World DOUBLED = World.harmless(0.01).withCandidateErrors(0.02);
  private static final World FIVEFOLD = World.harmless(0.01).withCandidateErrors(0.05);
  private static final World SLOWER = World.harmless(0.01).withSlower(1.5, 0.5);
  private static final World SLOWER_WIDE = World.harmless(0.01).withSlower(1.5, 1);

  private final Effort effort;
  private final List<String> lines = new ArrayList<>();
  private final List<String> goals = new ArrayList<>();
  private boolean met = true;
  private long seed = SEED;

  private RolloutSimulation(Effort effort) {
    this.effort = effort;
  }

  /** Writes the committed report to the file named by the first argument. */
  public static void main(String[] arguments) throws IOException {
    RolloutSimulation simulation = new RolloutSimulation(Effort.COMMITTED);
    Files.writeString(Path.of(arguments[0]), simulation.report());
    if (!simulation.met) {
      throw new IllegalStateException("a goal is not met: " + arguments[0]);
    }
  }

  /** The lines of the goals' table with this effort. */
  static List<String> goalRows(Effort effort) {
    RolloutSimulation simulation = new RolloutSimulation(effort);
    simulation.sections();
    return List.copyOf(simulation.goals);
  }

  /** What the report says before its first result. */
  static String header(Effort effort) {
    return String.format(
        Locale.ROOT,
        """
        # How often a rollout is decided wrongly, and how soon rightly

        `ops/simulate rollout` writes this file; equal code writes equal bytes. Seeds count from %d. Repetitions: each test in a
        harmless world %d (traffic of a bandit or late labels too), a test alone %d, harm through the whole gate %d, whole rollouts of
        a harmless candidate %d, other gates %d, rollouts with few requests %d.

        Everything but the tests alone runs on the real `Experiment` and `Rollout.next` under a virtual clock, with default settings unless
        said: alpha 0.01 over the gating checks errors, invalid outputs, latency p95 and p99; steps %s; 20 requests a second. Looks lie
        100 requests apart, 500 in the default steps: nothing depends on it but how late a decision comes. A request ends when it begins.
        ± is one standard error; where nothing was seen, the bound is that of 95 %% confidence.
        """,
        SEED,
        effort.tests,
        effort.alone,
        effort.gates,
        effort.rollouts,
        effort.rules,
        effort.slow,
        USUAL_STEPS.stream()
            .map(step -> String.format(Locale.ROOT, "%.0f", step))
            .collect(Collectors.joining(", ")));
  }

  private String report() {
    sections();
    List<String> all = new ArrayList<>();
    all.add(header(effort));
    all.add("## Goals\n");
    all.add("| world | goal | result | met |\n|---|---|---|---|");
    all.addAll(goals);
    all.addAll(lines);
    return String.join("\n", all) + "\n";
  }

  private void sections() {
    harmlessTests();
    detection();
    bounds();
    rollouts();
    fallback();
    fewRequests();
  }

  private long seeds() {
    seed += 1_000_000;
    return seed;
  }

  private void goal(String world, String goal, String result, boolean holds) {
    met &= holds;
    goals.add(
        String.format(
            Locale.ROOT, "| %s | %s | %s | %s |", world, goal, result, holds ? "yes" : "**no**"));
  }

  private void harmlessTests() {
    lines.add(
        "\n## Harmless worlds: the share in which a test at level 0.05 ever fires in 200 looks\n");
    lines.add(
        "The same looks through two-sided z-tests and a χ² test of the shares at 0.05 are beside: over all requests, as they are.\n");
    lines.add(
        "| world | A errors | A latency p95 | B reward | D shares | z errors | z latency | z reward | χ² shares |\n"
            + "|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    World world = World.harmless(0.03);
    harmless("constant split 50 %", world, FalseAlarms.CONSTANT);
    harmless("ramp 5, 10, 25, 50 %, daily cycle", world.withDailyCycle(), FalseAlarms.RAMP);
    harmless("heavy sticky users, constant split", world.withHeavyUsers(), FalseAlarms.CONSTANT);
    harmless(
        "heavy sticky users, ramp, daily cycle",
        world.withHeavyUsers().withDailyCycle(),
        FalseAlarms.RAMP);
    harmless("cold cache (hits 90 % and 50 %)", world.withColdCache(), FalseAlarms.CONSTANT);
    harmless("late labels, ramp, daily cycle (A: conversions)", FalseAlarms::delayed, 1, 5, 7);
    harmless("Thompson traffic, daily cycle (A: conversions)", FalseAlarms::thompson, 1, 5);
  }

  private void harmless(String name, World world, double[] shares) {
    harmless(name, seed -> FalseAlarms.planned(world, shares, seed));
  }

  private void harmless(String name, FalseAlarms.Repetition repetition, Integer... without) {
    List<Rate> rates = FalseAlarms.rates(repetition, effort.tests, seeds());
    List<Integer> left = List.of(without);
    StringBuilder row = new StringBuilder("| " + name);
    Rate worst = new Rate(0, effort.tests);
    for (int test = 0; test < rates.size(); test++) {
      row.append(" | ").append(left.contains(test) ? "–" : rates.get(test).percent());
      if (test < FalseAlarms.TESTS / 2 && rates.get(test).hits() > worst.hits()) {
        worst = rates.get(test);
      }
    }
    lines.add(row.append(" |").toString());
    goal(
        "type-I error, " + name + ": the worst test",
        "≤ 5 %",
        worst.percent(),
        worst.share() <= FalseAlarms.ALPHA);
  }

  private void detection() {
    lines.add("\n## Harm: median requests (ninth decile) of both variants until it is said\n");
    lines.add(
        "A alone knows c; the gate shares alpha over its checks and planned steps, learns c from 500 requests, and wants an\n"
            + "estimate beyond half the margin. What the gate missed was promoted or held.\n");
    lines.add(
        "| world | A alone 0.05 | A alone 0.01 | gate at that share 0.05 | gate at that share 0.01 | default steps 0.01 | missed there |\n"
            + "|---|--:|--:|--:|--:|--:|--:|");
    detect("errors 1 → 2 % at 50 %", new Events(0.5, 0.01, 0.02), DOUBLED, HALF, 3_500, 6_500);
    detect(
        "errors 1 → 5 % at 5 %", new Events(0.05, 0.01, 0.05), FIVEFOLD, TWENTIETH, 2_800, 3_800);
    detect(
        "latency × 1.5 at 5 %, σ 0.5",
        new Events(0.05, 0.05, 0.2021), SLOWER, TWENTIETH, 800, 1_100);
    detect(
        "latency × 1.5 at 5 %, σ 1", new Events(0.05, 0.05, 0.1076), SLOWER_WIDE, TWENTIETH, 0, 0);
  }

  private void detect(
      String name, Events events, World world, Plan plan, int goalLoose, int goalStrict) {
    Requests loose = Detection.alone(events, 0.05, effort.alone, seeds());
    Requests strict = Detection.alone(events, ALPHA, effort.alone, seeds());
    Requests looseGate = Detection.gate(world, plan, 0.05, effort.gates, seeds());
    Requests strictGate = Detection.gate(world, plan, ALPHA, effort.gates, seeds());
    Requests usual = Detection.gate(world, USUAL, ALPHA, effort.gates, seeds());
    lines.add(
        "| "
            + name
            + Stream.of(loose, strict, looseGate, strictGate, usual)
                .map(each -> " | %s (%s)".formatted(count(each.median()), count(each.worst90())))
                .collect(Collectors.joining())
            + " | "
            + usual.missed().percent()
            + " |");
    if (goalLoose > 0) {
      String goal = "≤ %s / %s requests".formatted(count(goalLoose), count(goalStrict));
      goal(
          name + ", A alone, alpha 0.05 / 0.01",
          goal,
          count(loose.median()) + " / " + count(strict.median()),
          loose.median() <= goalLoose && strict.median() <= goalStrict);
    }
  }

  private void bounds() {
    lines.add(
        "\n## A candidate exactly at the bound (ratio 1.5, margin 0.5, tolerable rate 3 %)\n");
    Rate alone =
        Detection.boundsPassed(
            new Events(0.5, 0.02, 0.03), 0.5, 0.03, FalseAlarms.ALPHA, effort.alone / 4, seeds());
    Rate promoted = Detection.promotedAtBound(FalseAlarms.ALPHA, effort.rules, seeds());
    lines.add(
        "At alpha 0.05 and a share of 50 %%: the bounds alone, harm or not, let it pass in %s of 40,000-request runs; the gate promoted %s."
            .formatted(alone.percent(), promoted.percent()));
    goal(
        "candidate exactly at a margin's bound promoted, alpha 0.05: bounds alone / gate",
        "≤ 5 %",
        alone.percent() + " / " + promoted.percent(),
        alone.share() <= 0.05 && promoted.share() <= 0.05);
  }

  private void rollouts() {
    lines.add("\n## Whole rollouts through the default steps\n");
    lines.add(
        "| harmless world | rolled back | promoted | no verdict in time | median requests (ninth decile) | median by step |\n"
            + "|---|--:|--:|--:|--:|--:|");
    int few = Math.max(1, effort.rollouts / 3);
    Journeys none = journeys("no errors", World.harmless(0), effort.rollouts);
    Journeys same = journeys("1 % errors (A/A)", World.harmless(ALPHA), effort.rollouts);
    Journeys daily =
        journeys("1 % errors, daily cycle", World.harmless(ALPHA).withDailyCycle(), few);
    Journeys heavy =
        journeys("1 % errors, heavy sticky users", World.harmless(ALPHA).withHeavyUsers(), few);
    Rate back =
        Stream.of(none, same, daily, heavy)
            .map(Journeys::rolledBack)
            .reduce(new Rate(0, 0), (a, b) -> new Rate(a.hits() + b.hits(), a.of() + b.of()));
    goal(
        "harmless candidate rolled back over a whole rollout, alpha 0.01, all worlds",
        "≤ 1 %",
        back.percent(),
        back.share() <= 0.01);
    goal(
        "A/A rollout (identical versions), alpha 0.01, rolled back",
        "≤ 2 %",
        same.rolledBack().percent(),
        same.rolledBack().share() <= 0.02);
    goal("no errors: median requests to promotion", "report", count(none.quantile(0.5)), true);
    goal("1 % errors: median requests to promotion", "report", count(same.quantile(0.5)), true);
    otherGates(
        List.of(none.rolledBack(), same.rolledBack(), daily.rolledBack(), heavy.rolledBack()));
  }

  private Journeys journeys(String name, World world, int repetitions) {
    Journeys journeys = Journeys.of(world, repetitions, seeds());
    lines.add(
        "| %s | %s | %s | %s | %s (%s) | %s |"
            .formatted(
                name,
                journeys.rolledBack().percent(),
                journeys.promoted().percent(),
                journeys.inconclusive().percent(),
                count(journeys.quantile(0.5)),
                count(journeys.quantile(0.9)),
                Arrays.stream(journeys.medianSteps())
                    .mapToObj(RolloutSimulation::count)
                    .collect(Collectors.joining(", "))));
    return journeys;
  }

  private void otherGates(List<Rate> harmless) {
    lines.add("\n## The same worlds through other gates: the share rolled back\n");
    lines.add(
        "Flagger: a success rate of at least 99 % and a p99 of at most 1.25 times the stable's, each minute at 100 requests a second, 5 %\n"
            + "more after each good minute up to 50 %, the fifth bad minute rolls back. Kayenta: Mann–Whitney at a confidence of 0.98 on the error\n"
            + "shares and mean latencies of 100 minutes, 300 requests a minute on candidate and baseline each, judged 20 times. z: two-proportion\n"
            + "tests of errors and slow answers at 0.05, each of 100 minutes, pooled over a ramp 5, 10, 25, 50 % at 10 requests a second.\n");
    lines.add(
        "| world | should | Weir | Flagger | Kayenta | peeked z |\n|---|---|--:|--:|--:|--:|");
    compare("no errors", false, World.harmless(0), harmless.get(0));
    compare("1 % errors", false, World.harmless(ALPHA), harmless.get(1));
    compare(
        "1 % errors, daily cycle", false, World.harmless(ALPHA).withDailyCycle(), harmless.get(2));
    compare(
        "1 % errors, heavy sticky users",
        false, World.harmless(ALPHA).withHeavyUsers(), harmless.get(3));
    harmful("errors 1 → 2 %", DOUBLED);
    harmful("errors 1 → 5 %", FIVEFOLD);
    harmful("errors 0.1 → 0.9 %", World.harmless(0.001).withCandidateErrors(0.009));
    harmful("latency × 1.5, σ 0.5", SLOWER);
    harmful("latency × 1.2, σ 0.5", World.harmless(0.01).withSlower(1.2, 0.5));
  }

  private void harmful(String name, World world) {
    compare(name, true, world, Journeys.of(world, effort.gates, seeds()).rolledBack());
  }

  private void compare(String name, boolean harm, World world, Rate weir) {
    lines.add(
        "| %s | %s | %s | %s | %s | %s |"
            .formatted(
                name,
                harm ? "go back" : "go on",
                weir.percent(),
                UsualRules.rate(UsualRules::threshold, world, effort.rules, seeds()).percent(),
                UsualRules.rate(UsualRules::mannWhitney, world, effort.rules, seeds()).percent(),
                UsualRules.rate(UsualRules::peekedZ, world, effort.rules, seeds()).percent()));
  }

  private void fallback() {
    World failing = World.harmless(0).withCandidateErrors(0.3);
    Journeys journeys = Journeys.of(failing, effort.gates, seeds());
    Journeys dead = Journeys.of(World.harmless(0).withCandidateErrors(1), effort.gates, seeds());
    lines.add(
        "\n## A failing candidate behind a fallback\n\nThe stable variant answers what the candidate fails, so that callers see no error; the outcome stays the candidate's.\n");
    lines.add(
        "Failing 30 %% of its requests it was rolled back in %s after a median of %s requests; failing all of them in %s after %s."
            .formatted(
                journeys.rolledBack().percent(),
                count(journeys.quantile(0.5)),
                dead.rolledBack().percent(),
                count(dead.quantile(0.5))));
    goal(
        "failing candidate behind a fallback, 30 % / all of its requests",
        "rolled back",
        journeys.rolledBack().percent() + " / " + dead.rolledBack().percent(),
        journeys.rolledBack().share() == 1 && dead.rolledBack().share() == 1);
  }

  private void fewRequests() {
    SimulatedRollout.Pace hour = new SimulatedRollout.Pace(1.0 / 6, 10, 600);
    SimulatedRollout.Pace day = new SimulatedRollout.Pace(1.0 / 6, 10, 100_000);
    Journeys held = Journeys.of(hour, World.harmless(ALPHA), effort.slow, seeds());
    Journeys ended = Journeys.of(day, World.harmless(ALPHA), effort.slow, seeds());
    lines.add(
        "\n## A/A at 10 requests a minute\n\nAfter an hour every rollout holds; the first one says:\n");
    lines.add("> " + held.words().getFirst());
    lines.add(
        "\nAfter the longest time of a step, %s ended as inconclusive:\n"
            .formatted(ended.inconclusive().percent()));
    lines.add("> " + ended.words().getFirst());
    goal(
        "A/A at 10 requests a minute, after one hour / after a day",
        "holds / inconclusive",
        "%d of %d hold / %d of %d"
            .formatted(held.held(), effort.slow, ended.inconclusive().hits(), effort.slow),
        held.held() == effort.slow && ended.inconclusive().hits() == effort.slow);
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
