package weir.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.simulation.RolloutSimulation.Effort;

/** The committed report, in small; {@code ops/simulate rollout} renews the whole. */
class RolloutSimulationTest {
  private static final Path REPORT = Path.of("simulation/rollout.md");
  private static final List<String> GOALS =
      RolloutSimulation.goalRows(new Effort(12, 300, 1, 2, 10, 1, 3));

  @Test
  void goals_fewRepetitions_areMetButForNoise() {
    assertThat(GOALS).hasSize(18).noneMatch(row -> row.contains("**no**"));
  }

  @Test
  void report_committed_saysTheParametersOfTheCode() throws IOException {
    assertThat(Files.readString(REPORT)).startsWith(RolloutSimulation.header(Effort.COMMITTED));
  }

  @Test
  void report_committed_hasTheGoalsOfTheCode() throws IOException {
    List<String> committed =
        Files.readAllLines(REPORT).stream()
            .filter(line -> line.endsWith("| yes |") || line.endsWith("| **no** |"))
            .map(RolloutSimulationTest::withoutResult)
            .toList();

    assertThat(committed)
        .containsExactlyElementsOf(
            GOALS.stream().map(RolloutSimulationTest::withoutResult).toList());
  }

  private static String withoutResult(String row) {
    String[] cells = row.split("\\|", -1);
    return cells[1] + cells[2];
  }
}
