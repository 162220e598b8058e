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
      DriftSimulation.goalRows(new Effort(10, 1, 200, 1, 1, 5));

  @Test
  void goals_fewRepetitions_areMet() {
    assertThat(GOALS).hasSize(12).noneMatch(row -> row.contains("**no**"));
  }

  @Test
  void report_committed_saysTheParametersOfTheCode() throws IOException {
    assertThat(Files.readString(REPORT)).startsWith(DriftSimulation.header(Effort.COMMITTED));
  }

  @Test
  void report_committed_hasTheGoalsOfTheCodeAllMet() throws IOException {
    List<String> committed =
        Files.readAllLines(REPORT).stream().filter(line -> line.endsWith("| yes |")).toList();

    assertThat(committed.stream().map(DriftSimulationTest::withoutResult))
        .containsExactlyElementsOf(
            GOALS.stream()
                .filter(line -> line.endsWith("| yes |"))
                .map(DriftSimulationTest::withoutResult)
                .toList());
  }

  private static String withoutResult(String row) {
    String[] cells = row.split("\\|", -1);
    return cells[1] + cells[2];
  }
}
