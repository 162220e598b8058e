package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.drift.DriftSimulation.Effort;

/** The committed report, in small; {@code ops/simulate drift} renews the whole. */
class DriftSimulationTest {
  private static final Path REPORT = Path.of("simulation/drift.md");
  private static final List<String> GOALS =
      DriftSimulation.goalRows(new Effort(4, 1, 60, 1, 1, 4, 3));

  @Test
  void goals_fewRepetitions_areMet() {
    assertThat(GOALS).hasSize(12).noneMatch(row -> row.contains("**no**"));
  }

  @Test
  void report_committed_saysTheParametersOfTheCode() throws IOException {
    assertThat(Files.readString(REPORT)).startsWith(DriftSimulation.header(Effort.COMMITTED));
  }

  @Test
  void report_committed_hasTheGoalsOfTheCode() throws IOException {
    assertThat(goals(Files.readAllLines(REPORT))).containsExactlyElementsOf(goals(GOALS));
  }

  /** World and goal of each row of the goals' table, which alone has four columns. */
  private static List<String> goals(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("| ") && !line.contains("\n"))
        .map(line -> List.of(line.split(" \\| ", -1)))
        .filter(cells -> cells.size() == 4 && !cells.getFirst().equals("| world"))
        .map(cells -> cells.get(0) + ": " + cells.get(1))
        .toList();
  }
}
