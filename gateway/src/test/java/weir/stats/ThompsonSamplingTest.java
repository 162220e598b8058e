package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import weir.stats.ThompsonSampling.BetaPosterior;
import weir.stats.ThompsonSampling.NormalPosterior;
import weir.stats.ThompsonSampling.Posterior;

class ThompsonSamplingTest {
  private static final ThompsonSampling DEFAULTS = ThompsonSampling.defaults();

  @Test
  void shares_oneArmBelowTheLeastOutcomes_stayAsTheyWere() {
    List<Posterior> arms = List.of(new BetaPosterior(99, 0), new BetaPosterior(100, 900));

    assertThat(DEFAULTS.shares(arms, new double[] {0.3, 0.7})).containsExactly(0.3, 0.7);
  }

  @Test
  void shares_clearWinner_leavesTheOthersTheFloor() {
    List<Posterior> arms =
        List.of(new BetaPosterior(900, 100), new BetaPosterior(100, 900), new BetaPosterior(9, 91));

    double[] shares = DEFAULTS.shares(arms, new double[3]);

    assertThat(shares[0]).isCloseTo(0.9, within(1e-9));
    assertThat(shares[1]).isCloseTo(0.05, within(1e-9));
    assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void shares_armsAboveTheFloor_keepTheirProbabilities() {
    List<Posterior> arms = List.of(new BetaPosterior(60, 40), new BetaPosterior(50, 50));

    assertThat(DEFAULTS.shares(arms, new double[2]))
        .containsExactly(ThompsonSampling.bestProbabilities(arms));
  }

  @Test
  void shares_armsBelowTheFloor_takeItFromTheOthersInProportion() {
    List<Posterior> arms =
        List.of(new BetaPosterior(60, 40), new BetaPosterior(55, 45), new BetaPosterior(9, 91));
    double[] best = ThompsonSampling.bestProbabilities(arms);

    double[] shares = DEFAULTS.shares(arms, new double[3]);

    assertThat(shares[2]).isEqualTo(0.05);
    assertThat(shares[0] / shares[1]).isCloseTo(best[0] / best[1], within(1e-9));
    assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void shares_floorsThatLeaveNothing_areEqual() {
    List<Posterior> arms = List.of(new BetaPosterior(900, 100), new BetaPosterior(100, 900));

    assertThat(new ThompsonSampling(0.5, 100).shares(arms, new double[2]))
        .containsExactly(0.5, 0.5);
  }

  @Test
  void bestProbabilities_normalArms_areTheNormalOfTheDifference() {
    Moments first = new Moments(400, 1.0, 399 * 4.0);
    Moments second = new Moments(100, 1.2, 99.0);
    double z = 0.2 / Math.sqrt(4.0 / 400 + 1.0 / 100);

    double[] best =
        ThompsonSampling.bestProbabilities(
            List.of(new NormalPosterior(first), new NormalPosterior(second)));

    assertThat(best[1])
        .isCloseTo(NormalDistribution.of(0, 1).cumulativeProbability(z), within(1e-3));
  }

  @Test
  void bestProbabilities_armsWithoutSpread_areEqualOrCertain() {
    Posterior low = new NormalPosterior(new Moments(200, 1, 0));
    Posterior high = new NormalPosterior(new Moments(200, 2, 0));

    assertThat(ThompsonSampling.bestProbabilities(List.of(low, high))).containsExactly(0, 1);
    assertThat(ThompsonSampling.bestProbabilities(List.of(low, low))).containsExactly(0.5, 0.5);
  }

  @Test
  void constructor_impossibleBounds_areRefused() {
    assertThatThrownBy(() -> new ThompsonSampling(0.6, 100)).hasMessageContaining("0.6");
    assertThatThrownBy(() -> new ThompsonSampling(0.1, 1)).hasMessageContaining("1");
    assertThatThrownBy(() -> new BetaPosterior(-1, 1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> DEFAULTS.shares(List.of(), new double[1]))
        .hasMessageContaining("0 arms");
  }
}
