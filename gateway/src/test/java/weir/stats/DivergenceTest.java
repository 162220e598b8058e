package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DivergenceTest {
  @Test
  void jensenShannon_documentedExamples_areThoseOfSciPy() {
    assertThat(Divergence.jensenShannon(new long[] {5, 0, 0}, new long[] {0, 3, 0})).isEqualTo(1);
    assertThat(Divergence.jensenShannon(new long[] {2, 0}, new long[] {1, 1}))
        .isCloseTo(0.46450140402245893 / Math.sqrt(Math.log(2)), within(1e-12));
  }

  @Test
  void wasserstein_documentedExample_isThatOfSciPy() {
    assertThat(Divergence.wasserstein(new double[] {0, 1, 3}, new double[] {5, 6, 8})).isEqualTo(5);
  }

  @Test
  void psi_emptyBin_countsAsOneInTenThousand() {
    assertThat(Divergence.psi(new long[] {50, 50}, new long[] {100, 0}))
        .isCloseTo(0.5 * Math.log(2) + (1e-4 - 0.5) * Math.log(1e-4 / 0.5), within(1e-12));
  }

  @Test
  void anyDistance_sidesThatDoNotFit_areRefused() {
    long[] two = {1, 1};
    assertThatThrownBy(() -> Divergence.psi(two, new long[3])).hasMessageContaining("2 and 3");
    assertThatThrownBy(() -> Divergence.psi(two, new long[2])).hasMessageContaining("one row");
    assertThatThrownBy(() -> Divergence.psi(two, new long[] {2, -1})).hasMessageContaining("-1");
    assertThatThrownBy(() -> Divergence.wasserstein(two, two, new double[] {0, 1}))
        .hasMessageContaining("one more bound");
    assertThatThrownBy(() -> Divergence.wasserstein(two, two, new double[] {0, 1, 0}))
        .hasMessageContaining("never fall");
    assertThatThrownBy(() -> Divergence.wasserstein(new double[0], new double[] {1}))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> ChiSquare.homogeneity(two, new long[2]))
        .hasMessageContaining("one row");
    assertThatThrownBy(() -> MannWhitney.of(new double[] {Double.NaN}, new double[] {1}))
        .hasMessageContaining("NaN");
  }

  @Test
  void wilsonHilferty_fivePercentPoints_isNearTheNormalOne() {
    // Upper 5 % points of χ² for 4, 10 and 30 degrees.
    assertThat(new ChiSquare(9.488, 4).wilsonHilferty()).isCloseTo(1.645, within(0.02));
    assertThat(new ChiSquare(18.307, 10).wilsonHilferty()).isCloseTo(1.645, within(0.01));
    assertThat(new ChiSquare(43.773, 30).wilsonHilferty()).isCloseTo(1.645, within(0.005));
    assertThat(new ChiSquare(18.307, 10).p()).isCloseTo(0.05, within(1e-4));
  }

  @Test
  void homogeneity_oneColumn_hasNothingToCompare() {
    ChiSquare one = ChiSquare.homogeneity(new long[] {0, 7}, new long[] {0, 9});

    assertThat(one).isEqualTo(new ChiSquare(0, 0));
    assertThat(one.p()).isEqualTo(1);
    assertThat(one.wilsonHilferty()).isZero();
  }

  @Test
  void mannWhitney_allTied_saysNothing() {
    assertThat(MannWhitney.of(new double[] {2, 2}, new double[] {2, 2, 2}).p()).isEqualTo(1);
  }
}
