package weir.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LatencyHistogramTest {
  private final LatencyHistogram histogram = new LatencyHistogram();

  @Test
  void quantile_nothingAdded_zero() {
    assertThat(histogram.quantile(0.5)).isZero();
  }

  @Test
  void quantile_oneToAThousandMicroseconds_atMostOneBucketTooHigh() {
    for (int micros = 1; micros <= 1_000; micros++) {
      histogram.add(micros * 1_000L);
    }

    assertThat(histogram.quantile(0.5).toNanos()).isBetween(500_000L, 516_000L);
    assertThat(histogram.quantile(0.99).toNanos()).isBetween(990_000L, 1_022_000L);
    assertThat(histogram.quantile(1).toNanos()).isBetween(1_000_000L, 1_032_000L);
  }

  @Test
  void quantile_everyPowerOfTwo_neverTooLow() {
    for (int bit = 0; bit < 40; bit++) {
      LatencyHistogram one = new LatencyHistogram();
      one.add(1L << bit);
      assertThat(one.quantile(0.5).toNanos()).isBetween(1L << bit, (long) ((1L << bit) * 1.032));
    }
  }

  @Test
  void add_beyondTheRange_countsAsItsEnds() {
    histogram.add(-1);
    histogram.add(Long.MAX_VALUE);

    assertThat(histogram.quantile(0.5)).isZero();
    assertThat(histogram.quantile(1)).isEqualTo(Duration.ofNanos((1L << 40) - 1));
  }
}
