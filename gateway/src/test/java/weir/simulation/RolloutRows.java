package weir.simulation;

import static weir.simulation.Report.count;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import weir.experiment.Check;
import weir.experiment.ExperimentSettings;
import weir.rollout.RolloutSettings;

/** The rows about whole rollouts. */
record RolloutRows(Report report, RolloutSimulation.Effort effort) {
  private static final World NO_ERRORS = World.harmless(0);
  private static final World SOME_ERRORS = World.harmless(0.01);
  private static final double ALPHA = 0.01;
  private static final int USERS = 200_000;
  private static final int TEN_A_MINUTE = 10;
  private static final int TICK_REQUESTS = (int) Journeys.PER_SECOND / 4;
  private static final long REQUESTS_MAX = 100_000;

  /** A harmless world and what became of its rollouts. */
  record Harmless(String name, World world, Journeys journeys) {}

  void add() {
    List<Harmless> harmless = addGoals();
    otherSettings();
    otherGates(harmless);
  }

  /** Only the rows that goals are about. */
  List<Harmless> addGoals() {
    List<Harmless> harmless = harmless();
    fallback();
    fewRequests();
    return harmless;
  }

  private List<Harmless> harmless() {
    report.heading("Harmless candidates: whole rollouts through the default steps");
    report.text(
        "The least time of a step is 12,000 requests; of %s heavy sticky users each proves something once a step."
            .formatted(count(USERS)));
    report.head(
        "world",
        "rolled back",
        "promoted",
        "no verdict in time",
        "median requests (ninth decile)",
        "median by step");
    int few = Math.max(1, effort.rollouts() / 4);
    List<Harmless> all =
        List.of(
            harmless("no errors", NO_ERRORS, Math.max(1, effort.rollouts() / 2)),
            harmless("1 % errors (A/A)", SOME_ERRORS, effort.rollouts()),
            harmless("1 % errors, daily cycle", SOME_ERRORS.withDailyCycle(), few),
            harmless("1 % errors, heavy sticky users", SOME_ERRORS.withHeavyUsers(USERS), few));
    Journeys none = all.get(0).journeys();
    Journeys same = all.get(1).journeys();
    Rate back =
        all.stream()
            .map(each -> each.journeys().rolledBack())
            .reduce(new Rate(0, 0), (a, b) -> new Rate(a.hits() + b.hits(), a.of() + b.of()));
    report.goal(
        "harmless candidate rolled back over a whole rollout, alpha 0.01, these worlds together",
        "≤ 1 %",
        back.percent(),
        effort.atMost(0.01, back));
    report.goal(
        "A/A rollout (identical versions), alpha 0.01, rolled back",
        "≤ 2 %",
        same.rolledBack().percent(),
        effort.atMost(0.02, same.rolledBack()));
    report.goal(
        "promoted of those without errors / with 1 % errors",
        "≥ 95 %",
        none.promoted().percent() + " / " + same.promoted().percent(),
        none.promoted().share() >= 0.95 && same.promoted().share() >= 0.95);
    report.goal(
        "median requests to promotion, no errors / 1 % errors",
        "report", count(none.quantile(0.5)) + " / " + count(same.quantile(0.5)), true);
    return all;
  }

  private Harmless harmless(String name, World world, int repetitions) {
    Journeys journeys = Journeys.of(world, repetitions, report.seeds());
    row(name, journeys);
    return new Harmless(name, world, journeys);
  }

  private void row(String name, Journeys journeys) {
    report.row(
        List.of(
            name,
            journeys.rolledBack().percent(),
            journeys.promoted().percent(),
            journeys.inconclusive().percent(),
            "%s (%s)".formatted(count(journeys.quantile(0.5)), count(journeys.quantile(0.9))),
            Arrays.stream(journeys.medianSteps())
                .mapToObj(Report::count)
                .collect(Collectors.joining(", "))));
  }

  private void otherSettings() {
    report.heading("What makes promotion long: other steps, another tolerable rate of errors");
    report.head(
        "world",
        "rolled back",
        "promoted",
        "no verdict in time",
        "median requests (ninth decile)",
        "median by step");
    List<Double> usual = RolloutSettings.defaults().steps();
    List<Double> fromFive = List.of(5.0, 25.0, 50.0, 100.0);
    List<Double> withoutHalf = List.of(5.0, 25.0, 100.0);
    other("no errors, steps from 5 %", NO_ERRORS, fromFive, 0.01);
    other("1 % errors, steps from 5 %", SOME_ERRORS, fromFive, 0.01);
    other("1 % errors, steps 5, 25, 100", SOME_ERRORS, withoutHalf, 0.01);
    other("1 % errors, 2 % tolerable", SOME_ERRORS, usual, 0.02);
    other("1 % errors, 2 % tolerable, steps from 5 %", SOME_ERRORS, fromFive, 0.02);
  }

  private void other(String name, World world, List<Double> steps, double tolerable) {
    List<Check> checks = new ArrayList<>();
    checks.add(new Check.Errors(tolerable, Optional.empty(), true));
    ExperimentSettings.defaults().checks().stream()
        .filter(check -> !(check instanceof Check.Errors))
        .forEach(checks::add);
    SimulatedRollout.Terms terms =
        new SimulatedRollout.Terms(
            SimulatedRollout.steps(steps),
            SimulatedExperiment.settings(ALPHA, checks),
            Journeys.USUAL.pace());
    row(name, Journeys.of(terms, world, effort.gates(), report.seeds()));
  }

  private void otherGates(List<Harmless> harmless) {
    report.heading("The same worlds through other gates: the share rolled back");
    report.text(
        """
        Flagger: a success rate of at least 99 % and a p99 of at most 1.25 times the stable's, each minute at 100 requests a second; 5 %
        more after each good minute up to 50 %, the fifth bad minute rolls back. Kayenta: Mann–Whitney at a confidence of 0.98 on the error
        shares and mean latencies of 100 minutes, 300 requests a minute on candidate and baseline each, judged 20 times, no least effect.
        Peeked z: two-proportion tests of errors and slow answers at 0.05, each of 100 minutes, pooled over a ramp 5, 10, 25, 50 % at
        10 requests a second. Weir: default settings.\
        """);
    report.head("world", "should", "Weir", "Flagger", "Kayenta", "peeked z");
    for (Harmless each : harmless) {
      compare(each.name(), "go on", each.world(), each.journeys().rolledBack());
    }
    World errorless = World.harmless(0.001);
    harmful("errors 1 → 2 %", SOME_ERRORS.withCandidateErrors(0.02));
    harmful("errors 1 → 5 %", SOME_ERRORS.withCandidateErrors(0.05));
    harmful("errors 0.1 → 0.8 %", errorless.withCandidateErrors(0.008));
    harmful("latency × 1.5, 0.1 % errors", errorless.withSlower(1.5, 0.5));
    harmful("latency × 1.2, 0.1 % errors", errorless.withSlower(1.2, 0.5));
  }

  private void harmful(String name, World world) {
    Journeys journeys = Journeys.of(world, effort.gates(), report.seeds());
    compare(name, "go back", world, journeys.rolledBack());
  }

  private void compare(String name, String should, World world, Rate weir) {
    report.row(
        List.of(
            name,
            should,
            weir.percent(),
            rule(UsualRules::threshold, world),
            rule(UsualRules::mannWhitney, world),
            rule(UsualRules::peekedZ, world)));
  }

  private String rule(UsualRules.Rule rule, World world) {
    return UsualRules.rate(rule, world, effort.rules(), report.seeds()).percent();
  }

  /** Callers see the stable variant's answers; the outcome stays the candidate's. */
  private void fallback() {
    Journeys some = failing(0.3);
    Journeys all = failing(1);
    Rate rule = UsualRules.rate(UsualRules::threshold, NO_ERRORS, effort.rules(), report.seeds());
    report.heading("A failing candidate behind a fallback");
    report.text(
        """
        The stable variant answers what the candidate fails, so that callers see no error; the outcome stays that of the variant first
        assigned. A candidate that fails 30 %% of its requests was rolled back in %s after a median of %s requests of both variants, one that
        fails all of them in %s after %s. Flagger's rule on what callers see rolled back %s.\
        """
            .formatted(
                some.rolledBack().percent(),
                count(some.quantile(0.5)),
                all.rolledBack().percent(),
                count(all.quantile(0.5)),
                rule.percent()));
    report.goal(
        "failing candidate behind a fallback, of 30 % / of all requests: rolled back",
        "100 %",
        some.rolledBack().percent() + " / " + all.rolledBack().percent(),
        some.rolledBack().share() == 1 && all.rolledBack().share() == 1);
  }

  /** A look each 250 ms, as the gateway does. */
  private Journeys failing(double errors) {
    SimulatedRollout.Terms terms =
        new SimulatedRollout.Terms(
            RolloutSettings.defaults(),
            ExperimentSettings.defaults(),
            new SimulatedRollout.Pace(Journeys.PER_SECOND, TICK_REQUESTS, REQUESTS_MAX));
    World world = NO_ERRORS.withCandidateErrors(errors);
    return Journeys.of(terms, world, effort.gates(), report.seeds());
  }

  private void fewRequests() {
    Journeys held = slow(TEN_A_MINUTE * 60);
    Journeys ended = slow(TEN_A_MINUTE * 60 * 48);
    report.heading("A/A at 10 requests a minute");
    report.text("After an hour the first rollout says:");
    report.text("> " + held.words());
    report.text(
        "Within a day, the longest time of a step, %s ended without a verdict; the first one says:"
            .formatted(ended.inconclusive().percent()));
    report.text("> " + ended.words());
    report.goal(
        "A/A at 10 requests a minute: after an hour / after a day",
        "all hold / none rolled back for harm",
        "%d of %d hold / %s".formatted(held.held(), effort.slow(), ended.rolledBack().percent()),
        held.held() == effort.slow() && ended.rolledBack().hits() == 0);
  }

  private Journeys slow(long requestsMax) {
    SimulatedRollout.Terms terms =
        new SimulatedRollout.Terms(
            RolloutSettings.defaults(),
            ExperimentSettings.defaults(),
            new SimulatedRollout.Pace(TEN_A_MINUTE / 60.0, TEN_A_MINUTE, requestsMax));
    return Journeys.of(terms, SOME_ERRORS, effort.slow(), report.seeds());
  }
}
