package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BinningTest {
  @Test
  void bin_valueOnAnEdge_belongsToTheBinBelow() {
    Binning binning = Binning.ofEdges(-1, 0, 2.5);

    assertThat(binning.bins()).isEqualTo(4);
    assertThat(binning.bin(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(binning.bin(-1)).isZero();
    assertThat(binning.bin(Math.nextUp(-1.0))).isEqualTo(1);
    assertThat(binning.bin(-0.0)).isEqualTo(1);
    assertThat(binning.bin(2.5)).isEqualTo(2);
    assertThat(binning.bin(Double.POSITIVE_INFINITY)).isEqualTo(3);
    assertThat(binning.bin(Double.NaN)).isEqualTo(Binning.MISSING);
  }

  @Test
  void deciles_zeroToHundred_areTheTens() {
    double[] sample = IntStream.rangeClosed(0, 100).mapToDouble(i -> 100 - i).toArray();

    assertThat(Binning.deciles(sample))
        .isEqualTo(Binning.ofEdges(10, 20, 30, 40, 50, 60, 70, 80, 90));
  }

  @Test
  void deciles_integers_areNeverJustBesideAnInteger() {
    for (int size = 11; size < 2_000; size += 10) {
      double[] sample = IntStream.range(0, size).map(i -> i / 7).asDoubleStream().toArray();

      assertThat(Arrays.stream(Binning.deciles(sample).edges()))
          .allMatch(edge -> edge == Math.rint(edge));
    }
  }

  @Test
  void deciles_repeatedValues_areDistinct() {
    double[] sample =
        IntStream.range(0, 102).mapToDouble(i -> i < 50 ? -0.0 : i < 95 ? 0.0 : 1).toArray();
    sample[4] = Double.NaN;

    assertThat(Binning.deciles(sample)).isEqualTo(Binning.ofEdges(0.0));
  }

  @Test
  void bins_emptyOrBrokenInput_areRefused() {
    assertThatThrownBy(() -> Binning.deciles(new double[] {Double.NaN}))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> Binning.ofEdges(1, 1)).hasMessageContaining("rise");
    assertThatThrownBy(() -> Binning.ofEdges(1, Double.NaN)).hasMessageContaining("finite");
    assertThatThrownBy(() -> Binning.quantile(new double[] {1}, 1.5)).hasMessageContaining("1.5");
  }
}
