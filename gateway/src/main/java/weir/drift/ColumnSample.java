package weir.drift;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import weir.stats.Binning;
import weir.stats.QuantileSketch;

/** What the first pass learns of a column: where its bins are. */
final class ColumnSample {
  /** Values kept as they are; a longer column goes into a sketch. */
  static final int KEPT_MAX = 65_536;

  private final boolean categorical;
  private final CategorySample categories = new CategorySample();
  private double[] kept = new double[256];
  private int size;
  private QuantileSketch sketch = new QuantileSketch();
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private boolean any;

  ColumnSample(Plan plan) {
    categorical = plan.categorical();
  }

  void add(Cell cell) {
    switch (cell) {
      case Cell.Numeric number -> add(number.value());
      case Cell.Category category -> {
        any = true;
        categories.add(category.text());
      }
      case Cell.Missing _, Cell.Bad _ -> {}
    }
  }

  private void add(double value) {
    any = true;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (size == KEPT_MAX) {
      if (sketch.count() == 0) {
        Arrays.stream(kept, 0, size).forEach(sketch::add);
      }
      sketch.add(value);
      return;
    }
    if (size == kept.length) {
      kept = Arrays.copyOf(kept, 2 * size);
    }
    kept[size++] = value;
  }

  boolean isEmpty() {
    return !any;
  }

  /** Empty counters at the bins found. */
  ColumnCounts counts() {
    if (categorical) {
      Signal.Categorical found =
          (Signal.Categorical)
              categories.signal("column", new Place(Place.Side.INPUT, "column", 0)).orElseThrow();
      return new ColumnCounts.OfCategories(
          found.values().stream().map(Signal.Value::text).toList());
    }
    return new ColumnCounts.OfNumbers(
        sketch.count() == 0 ? Binning.deciles(Arrays.copyOf(kept, size)) : sketched());
  }

  /** The sketch holds floats, which may lie just outside of the column's own values. */
  private Binning sketched() {
    DoubleStream deciles =
        IntStream.range(1, 10)
            .mapToDouble(i -> Math.clamp(sketch.quantile(i / 10.0), min, max) + 0.0);
    return Binning.ofEdges(deciles.distinct().toArray());
  }
}
