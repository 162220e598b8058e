package weir.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuantileSketchTest {
  @Test
  void merge_fourReplicas_tellsHighQuantilesSharply() {
    QuantileSketch sum = new QuantileSketch();
    SplittableRandom random = new SplittableRandom(5);
    for (int replica = 0; replica < 4; replica++) {
      QuantileSketch own = new QuantileSketch();
      for (int i = 0; i < 50_000; i++) {
        own.add(random.nextDouble());
      }
      sum.merge(own);
    }

    assertThat(sum.count()).isEqualTo(200_000);
    assertThat(sum.quantile(0.5)).isCloseTo(0.5, within(0.02));
    assertThat(sum.quantile(0.99)).isCloseTo(0.99, within(0.001));
  }

  @Test
  void fromBytes_storedSketch_answersTheSame() {
    QuantileSketch sketch = new QuantileSketch();
    for (int i = 0; i < 5_000; i++) {
      sketch.add(i);
    }

    byte[] stored = sketch.toBytes();
    QuantileSketch restored = QuantileSketch.fromBytes(stored);

    assertThat(stored.length).isLessThan(10_000);
    assertThat(restored.count()).isEqualTo(5_000);
    assertThat(restored.quantile(0.95)).isEqualTo(sketch.quantile(0.95));
    assertThat(QuantileSketch.fromBytes(new QuantileSketch().toBytes()).count()).isZero();
  }

  @Test
  void interval_tenThousandValues_enclosesTheQuantile() {
    QuantileSketch sketch = new QuantileSketch();
    for (int i = 1; i <= 10_000; i++) {
      sketch.add(i);
    }

    Interval interval = sketch.interval(0.95, 0.05);

    assertThat(interval.contains(9_500)).isTrue();
    assertThat(interval.low()).isBetween(9_300.0, 9_470.0);
    assertThat(interval.high()).isBetween(9_530.0, 9_650.0);
  }

  @Test
  void interval_fewValues_isOpen() {
    QuantileSketch sketch = new QuantileSketch();
    sketch.add(1);
    sketch.add(Double.NaN);

    assertThat(sketch.count()).isEqualTo(1);
    assertThat(sketch.interval(0.95, 0.05))
        .isEqualTo(new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
  }

  @Test
  void quantile_noValues_isRefused() {
    QuantileSketch sketch = new QuantileSketch();

    assertThatThrownBy(() -> sketch.quantile(0.5)).hasMessageContaining("0 values");
  }

  @Test
  void fromBytes_otherBytes_areRefused() {
    QuantileSketch sketch = new QuantileSketch();
    sketch.add(1);
    sketch.add(2);
    byte[] cut = Arrays.copyOf(sketch.toBytes(), sketch.toBytes().length - 3);

    assertThatThrownBy(() -> QuantileSketch.fromBytes(cut)).hasMessageContaining("broken");
    assertThatThrownBy(() -> QuantileSketch.fromBytes(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> QuantileSketch.fromBytes(new byte[64]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
