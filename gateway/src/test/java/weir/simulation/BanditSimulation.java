package weir.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes the report of what a bandit loses while it learns, and of tests under its traffic. */
final class BanditSimulation {
  /** How often each kind of world is repeated. */
  record Effort(int regrets, int tests) {
    static final Effort COMMITTED = new Effort(20, 200);
  }

  private static final long SEED = 20_260_301;

  private BanditSimulation() {}

  /**
   * Writes the committed report to the file named by the first argument; missed goals stay in it.
   */
  public static void main(String[] arguments) throws IOException {
    Report report = new Report(SEED);
    new BanditRows(report, Effort.COMMITTED).add();
    Files.writeString(Path.of(arguments[0]), header(Effort.COMMITTED) + "\n" + report.text());
  }

  /** What the report says before its first result. */
  static String header(Effort effort) {
    return String.format(
        Locale.ROOT,
        """
        # What a bandit loses while it learns, and whether tests hold under its traffic

        `ops/simulate bandit` writes this file; equal code writes equal bytes. Seeds count from %d. Repetitions: regret %d, tests %d.

        Thompson sampling is the gateway's own `BanditEvidence` with a floor of %.0f %% and %d matured outcomes per arm. Shares begin equal and
        move each minute at most, over %d minutes at %d requests a minute; an outcome is known ten minutes after its request unless said.
        ± is one standard error; where nothing was seen, the bound is that of 95 %% confidence. A missed goal stays in the table.
        """,
        SEED,
        effort.regrets,
        effort.tests,
        100 * BanditRows.TERMS.floor(),
        BanditRows.TERMS.outcomesMin(),
        BanditWorld.MINUTES,
        SimulatedBandit.REQUESTS_PER_MINUTE);
  }
}
