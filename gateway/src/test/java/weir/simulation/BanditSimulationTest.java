package weir.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import weir.simulation.BanditSimulation.Effort;

/** The committed report, in small; {@code ops/simulate bandit} renews the whole. */
class BanditSimulationTest {
  private static final Path REPORT = Path.of("simulation/bandit.md");

  @Test
  void thompson_clearlyBetterArm_losesFarLessThanEqualShares() {
    BanditWorld world = BanditWorld.sales(0.6, 0.9);

    double thompson = run(world, new BanditRule.Thompson(BanditRows.TERMS)).regret();
    double uniform = run(world, new BanditRule.Uniform()).regret();

    assertThat(thompson).isLessThan(0.4 * uniform);
  }

  @Test
  void tests_equalArms_rarelyFireUnderTheBanditsTraffic() {
    int repetitions = 30;
    int fired = 0;
    for (int i = 0; i < repetitions; i++) {
      BanditRule rule = new BanditRule.Thompson(BanditRows.TERMS);
      SimulatedBandit.Run run =
          new SimulatedBandit(BanditWorld.sales(0.6, 0.6), rule, 700 + i).run();
      fired += run.ratioFired() || run.meanFired() ? 1 : 0;
    }

    assertThat(new Rate(fired, repetitions).atMost(2 * SimulatedBandit.ALPHA, 3)).isTrue();
  }

  @Test
  void labels_afterTheEnd_moveNoShare() {
    BanditWorld late = BanditWorld.sales(0.6, 0.9).withLabelsAfter(BanditWorld.MINUTES);

    assertThat(run(late, new BanditRule.Thompson(BanditRows.TERMS)).regret())
        .isEqualTo(run(late, new BanditRule.Uniform()).regret());
  }

  @Test
  void report_committed_saysTheParametersOfTheCode() throws IOException {
    assertThat(Files.readString(REPORT)).startsWith(BanditSimulation.header(Effort.COMMITTED));
  }

  private static SimulatedBandit.Run run(BanditWorld world, BanditRule rule) {
    return new SimulatedBandit(world, rule, 7).run();
  }
}
