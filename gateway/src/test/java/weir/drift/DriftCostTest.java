package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.inference.Variant;
import weir.observation.DriftMeters.Reading;
import weir.stats.Binning;

/** What watching may cost: no allocation by a request, and a bounded number of bytes a feature. */
@Tag("alone")
class DriftCostTest {
  private static final int FEATURES = 30;
  private static final int ADDS = 100_000;
  private static final int VARIANTS = 40;
  private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void add_numbers_allocatesNothing() {
    float[] row = new float[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      row[i] = i / 3f;
    }

    assertThat(bytesPerAdd(numbers(), Tensor.ofFloats("x", Shape.of(1, FEATURES), row)))
        .isLessThan(1);
  }

  @Test
  void add_texts_allocatesNothing() {
    String[] row = new String[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      row[i] = i % 5 == 0 ? "none of them" : "category " + i;
    }

    assertThat(bytesPerAdd(texts(), Tensor.ofStrings("x", Shape.of(1, FEATURES), row)))
        .isLessThan(1);
  }

  private static double bytesPerAdd(Watch watch, Tensor row) {
    WatchedVariant watched = watch.start();
    List<Tensor> inputs = List.of(row);
    for (int i = 0; i < ADDS / 2; i++) {
      watched.add(inputs, List.of());
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ADDS; i++) {
      watched.add(inputs, List.of());
    }
    return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / ADDS;
  }

  @Test
  void watchedVariant_numbers_keepsAtMost16KiBEach() {
    assertThat(bytesPerFeature(DriftCostTest::numbers)).isBetween(1_024.0, 16 * 1024.0);
  }

  @Test
  void watchedVariant_categories_keepsAtMost48KiBEach() {
    assertThat(bytesPerFeature(DriftCostTest::texts)).isBetween(1_024.0, 48 * 1024.0);
  }

  /** A watched variant and the gauges that show it. */
  private record Kept(WatchedVariant watched, List<Reading> readings) {}

  /** The median of three: what ended before this test may give memory back during one of them. */
  private static double bytesPerFeature(Supplier<Watch> watches) {
    return DoubleStream.generate(() -> grown(watches))
        .limit(3)
        .sorted()
        .skip(1)
        .findFirst()
        .orElseThrow();
  }

  /** The growth of the heap by many variants, each with a baseline of its own and two windows. */
  private static double grown(Supplier<Watch> watches) {
    List<Kept> kept = new ArrayList<>();
    long before = used();
    for (int i = 0; i < VARIANTS; i++) {
      WatchedVariant watched = watches.get().start();
      watched.tick(START.plus(Duration.ofHours(1)));
      watched.tick(START.plus(Duration.ofHours(2)));
      kept.add(new Kept(watched, Readings.of(watched)));
    }
    long after = used();
    assertThat(kept).hasSize(VARIANTS);
    return (double) (after - before) / (VARIANTS * FEATURES);
  }

  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** A baseline and the datatype of the one tensor that it watches. */
  private record Watch(Datatype datatype, List<Signal> signals) {
    WatchedVariant start() {
      ModelSignature signature =
          new ModelSignature(
              "onnx", List.of(new TensorSpec("x", datatype, Shape.of(-1, FEATURES))), List.of());
      return new WatchedVariant(
          new WatchedVariant.Terms(
              new Variant("m", "1"),
              signature,
              DriftSettings.defaults(),
              new Baseline("m", START, signals)),
          START);
    }
  }

  /** The most bins a number can have. */
  private static Watch numbers() {
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      List<Long> counts = new ArrayList<>();
      for (long bin = 0; bin < 10; bin++) {
        counts.add(1_000 + bin);
      }
      signals.add(
          new Signal.Numeric(
              "x[" + i + "]",
              new Place(Place.Side.INPUT, "x", i),
              Binning.ofEdges(1, 2, 3, 4, 5, 6, 7, 8, 9),
              counts,
              0,
              0,
              10,
              3));
    }
    return new Watch(Datatype.FP32, signals);
  }

  /** The most values a category can have, each of a usual length. */
  private static Watch texts() {
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      List<Signal.Value> values = new ArrayList<>();
      for (int value = 0; value < Signal.Categorical.VALUES_MAX; value++) {
        values.add(new Signal.Value("category " + value, 1_000L + value));
      }
      signals.add(
          new Signal.Categorical(
              "x[" + i + "]", new Place(Place.Side.INPUT, "x", i), values, 0, 0));
    }
    return new Watch(Datatype.BYTES, signals);
  }
}
