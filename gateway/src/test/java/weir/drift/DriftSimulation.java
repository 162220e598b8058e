package weir.drift;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import weir.drift.DriftWorlds.Compared;
import weir.drift.DriftWorlds.Draws;
import weir.drift.DriftWorlds.Rate;
import weir.drift.DriftWorlds.Said;
import weir.drift.SimulatedStream.Feature;

/** Writes the report of how often drift is said where there is none, and where there is. */
final class DriftSimulation {
  /** How often each world is repeated; a week has {@code hours} windows, in earnest 168. */
  record Effort(int halves, int real, int normal, int large, int weeks, int hours, int fleets) {
    static final Effort COMMITTED = new Effort(200, 100, 1_000, 8, 40, 168, 100);

    int longWeeks() {
      return Math.max(1, weeks / 10);
    }
  }

  private static final int BASELINE_ROWS = 10_000;
  private static final int LEARNED_ROWS_MIN = 1_000;
  private static final int WINDOW_ROWS = 500;
  private static final int LARGE_ROWS = 100_000;
  private static final int REPLICAS = 4;
  private static final long SEED = 20_260_105;

  private final Effort effort;
  private final SimulatedStream diamonds = SimulatedStream.diamonds();
  private final SimulatedStream normal = SimulatedStream.normal(SEED);
  private final List<Integer> all = IntStream.range(0, diamonds.features().size()).boxed().toList();
  private final List<String> lines = new ArrayList<>();
  private boolean met = true;

  private DriftSimulation(Effort effort) {
    this.effort = effort;
  }

  /** Writes the committed report to the file named by the first argument. */
  public static void main(String[] arguments) throws IOException {
    DriftSimulation simulation = new DriftSimulation(Effort.COMMITTED);
    Files.writeString(Path.of(arguments[0]), simulation.report());
    if (!simulation.met) {
      throw new IllegalStateException("a goal is not met: " + arguments[0]);
    }
  }

  /** The lines of the goals' table with this effort. */
  static List<String> goalRows(Effort effort) {
    DriftSimulation simulation = new DriftSimulation(effort);
    simulation.goals();
    return List.copyOf(simulation.lines);
  }

  /** What the report says before its first result. */
  static String header(Effort effort) {
    DriftSettings settings = DriftSettings.defaults();
    return String.format(
        Locale.ROOT,
        """
        # How often drift is said

        `ops/simulate drift` writes this file; equal code writes equal bytes. Seeds count from %d. Repetitions: random halves %d,
        real data %d, a normal feature %d, windows of %d rows %d, weeks %d (%d with 10000 rows), fleets %d. Baselines have %d rows where nothing
        else is said, and as many as the window where that has %d; each repetition draws its own.

        Weir is its real counters, windows and judge under the default settings (%d rows at least, PSI %s / %s, shares %s / %s, %s
        false alarms a week), given one request a row; it looks at two windows in a row. The usual tools, by their defaults,
        look at the second of them: PSI at the baseline's deciles, two-sample Kolmogorov-Smirnov (of categories χ²), Wasserstein-1
        over the standard deviation (of categories the Jensen-Shannon distance).
        Real data: the six numbers and three categories of `models/data/diamonds.csv.gz`, drawn with replacement but for the halves.
        ± is one standard error; where nothing was seen, the bound is that of 95 %% confidence.
        """,
        SEED,
        effort.halves,
        effort.real,
        effort.normal,
        LARGE_ROWS,
        effort.large,
        effort.weeks,
        effort.longWeeks(),
        effort.fleets,
        BASELINE_ROWS,
        LARGE_ROWS,
        settings.samplesMin(),
        settings.psi().warn(),
        settings.psi().drift(),
        settings.share().warn(),
        settings.share().drift(),
        settings.falseAlarmsPerWeek());
  }

  private String report() {
    lines.add(header(effort));
    goals();
    features();
    harmless();
    shifts();
    return String.join("\n", lines) + "\n";
  }

  private void goals() {
    lines.add("## Goals\n");
    lines.add("| world | goal | result | met |\n|---|---|---|---|");
    long seed = SEED;
    for (int rows : new int[] {500, 1_000, 10_000}) {
      Rate rate = DriftWorlds.halves(diamonds, rows, effort.halves, seed++);
      goal(
          String.format(
              Locale.ROOT,
              "random halves of real data, two windows of %,d rows: any of 9 features",
              rows),
          "≤ 2 %",
          percent(rate),
          rate.share() <= 0.02,
          rate.hits() > 0 || bound(rate) <= 0.02);
    }
    Compared half = shifted(normal, 0, 0.5, WINDOW_ROWS, seed++);
    Rate drift = half.drift().each();
    Rate alarm = half.alarm().each();
    String world = "0.5 sd shift of a normal feature, two windows of 500 rows: ";
    goal(world + "drift", "≥ 75 %", percent(drift), drift.share() >= 0.75);
    goal(world + "warn or drift", "≥ 98 %", percent(alarm), alarm.share() >= 0.98);
    for (int rows : new int[] {500, 1_000, 10_000}) {
      week(BASELINE_ROWS, rows, rows == 10_000 ? effort.longWeeks() : effort.weeks, seed++);
    }
    week(LEARNED_ROWS_MIN, 500, effort.weeks, seed++);
    double difference = DriftWorlds.fleet(diamonds, REPLICAS, effort.fleets, seed);
    goal(
        String.format(
            Locale.ROOT,
            "PSI of %d replicas' summed gauges against one that saw all rows",
            REPLICAS),
        "1e-9",
        difference <= 1e-12 ? "below 1e-12" : String.format(Locale.ROOT, "%.1e", difference),
        difference <= 1e-9);
  }

  private void week(int baselineRows, int rows, int weeks, long seed) {
    Draws draws = new Draws(baselineRows, rows, weeks, seed);
    Rate rate = DriftWorlds.weeks(diamonds, draws, effort.hours);
    double budget = DriftSettings.defaults().falseAlarmsPerWeek();
    goal(
        String.format(
            Locale.ROOT,
            "false alarms a week, baseline of %,d rows, windows of %,d rows",
            baselineRows,
            rows),
        "≤ " + budget,
        rate.hits() == 0
            ? String.format(
                Locale.ROOT, "0 in %d weeks (below %.3f)", weeks, -Math.log(0.05) / weeks)
            : String.format(
                Locale.ROOT, "%.3f ± %.3f", rate.share(), Math.sqrt((double) rate.hits()) / weeks),
        rate.share() <= budget,
        rate.hits() > 0 || -Math.log(0.05) / weeks <= budget);
  }

  private void goal(String world, String goal, String result, boolean holds) {
    goal(world, goal, result, holds, true);
  }

  /** A goal; where nothing was seen, {@code shown} says whether that was often enough to tell. */
  private void goal(String world, String goal, String result, boolean holds, boolean shown) {
    met &= holds;
    lines.add(
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %s |",
            world,
            goal,
            result,
            !holds ? "**no**" : shown ? "yes" : "none seen, too few to tell"));
  }

  private static final String RULES =
      "| PSI ≥ 0.1 | KS (χ²) p < 0.05 | Wasserstein/sd (JS) ≥ 0.1 | Weir warn or drift | Weir drift |";

  private void features() {
    lines.add("\n## 0.5 sd of each real number, two windows of 500 rows\n");
    lines.add("| feature " + RULES + "\n|---|--:|--:|--:|--:|--:|");
    for (int i = 0; i < diamonds.features().size(); i++) {
      Feature feature = diamonds.features().get(i);
      if (feature.numeric()) {
        row(feature.name(), shifted(diamonds, i, 0.5, WINDOW_ROWS, SEED + 100 + i), false);
      }
    }
  }

  private void harmless() {
    lines.add(
        "\n## Harmless windows of real data: false alarms per feature / of any of 9 features\n");
    lines.add("| rows " + RULES + "\n|--:|--:|--:|--:|--:|--:|");
    int[] sizes = {50, 500, 5_000, LARGE_ROWS};
    for (int i = 0; i < sizes.length; i++) {
      Draws draws = draws(effort.real, sizes[i], SEED + 200 + i);
      row(
          String.format(Locale.ROOT, "%,d", sizes[i])
              + (sizes[i] < WINDOW_ROWS ? " (Weir: insufficient)" : ""),
          DriftWorlds.compare(diamonds, diamonds, all, draws),
          true);
    }
  }

  private void shifts() {
    lines.add("\n## Shifts of a normal feature\n");
    lines.add("| shift, rows " + RULES + "\n|---|--:|--:|--:|--:|--:|");
    double[] shifts = {0, 0.1, 0.25, 0.5, 1};
    for (int i = 0; i < shifts.length; i++) {
      String name = shifts[i] + " sd, " + WINDOW_ROWS;
      row(name, shifted(normal, 0, shifts[i], WINDOW_ROWS, SEED + 300 + i), false);
    }
    row("0.015 sd, 100,000", shifted(normal, 0, 0.015, LARGE_ROWS, SEED + 400), false);
    row("0.5 sd, 100,000", shifted(normal, 0, 0.5, LARGE_ROWS, SEED + 401), false);
  }

  private Compared shifted(SimulatedStream base, int feature, double sds, int rows, long seed) {
    int repetitions = base.features().size() == 1 ? effort.normal : effort.real;
    SimulatedStream moved = base.moved(feature, sds * base.sd(feature));
    return DriftWorlds.compare(base, moved, List.of(feature), draws(repetitions, rows, seed));
  }

  /** Windows of the largest size are compared with a baseline of that size. */
  private Draws draws(int repetitions, int rows, long seed) {
    boolean large = rows == LARGE_ROWS;
    return new Draws(
        large ? LARGE_ROWS : BASELINE_ROWS, rows, large ? effort.large : repetitions, seed);
  }

  private void row(String name, Compared compared, boolean any) {
    StringBuilder row = new StringBuilder("| " + name);
    for (Said said :
        List.of(
            compared.psi(),
            compared.test(),
            compared.distance(),
            compared.alarm(),
            compared.drift())) {
      row.append(" | ").append(percent(said.each()));
      if (any) {
        row.append(" / ").append(percent(said.any()));
      }
    }
    lines.add(row.append(" |").toString());
  }

  /** What a rate that was never seen is below, with 95 % confidence. */
  private static double bound(Rate rate) {
    return 1 - Math.pow(0.05, 1.0 / rate.of());
  }

  private static String percent(Rate rate) {
    return rate.hits() == 0
        ? String.format(Locale.ROOT, "0 (below %.2f %%)", 100 * bound(rate))
        : String.format(
            Locale.ROOT, "%.1f ± %.1f %%", 100 * rate.share(), 100 * rate.standardError());
  }
}
