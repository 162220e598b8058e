package weir.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The lines of the report as they come, its goals apart, and the seeds of one row after another.
 */
final class Report {
  private static final long SEEDS_PER_ROW = 1_000_000;

  private final List<String> goals = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private long seed;
  private boolean met = true;

  Report(long seed) {
    this.seed = seed;
  }

  /** The first of a million fresh seeds. */
  long seeds() {
    seed += SEEDS_PER_ROW;
    return seed;
  }

  void goal(String world, String goal, String result, boolean holds) {
    met &= holds;
    goals.add(row(world, goal, result, holds ? "yes" : "**no**"));
  }

  void heading(String words) {
    lines.add("\n## " + words + "\n");
  }

  void text(String words) {
    lines.add(words + "\n");
  }

  /** The head of a table whose first column is text. */
  void head(String... cells) {
    lines.add(row(cells));
    lines.add("|---|" + "--:|".repeat(cells.length - 1));
  }

  void row(List<String> cells) {
    lines.add(row(cells.toArray(String[]::new)));
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  boolean met() {
    return met;
  }

  List<String> goals() {
    return List.copyOf(goals);
  }

  String text() {
    return "## Goals\n\n| world | goal | result | met |\n|---|---|---|---|\n"
        + String.join("\n", goals)
        + "\n\n"
        + String.join("\n", lines).replaceAll("\n{3,}", "\n\n").strip()
        + "\n";
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
