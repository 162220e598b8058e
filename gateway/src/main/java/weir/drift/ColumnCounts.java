package weir.drift;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.stats.Binning;

/** What the second pass counts of a column, exactly. */
sealed interface ColumnCounts {
  void add(Cell cell);

  Signal signal(Plan plan);

  /** Counts at edges. */
  final class OfNumbers implements ColumnCounts {
    private final NumericSample.BinCounts counts;
    private long missing;

    OfNumbers(Binning binning) {
      counts = new NumericSample.BinCounts(binning);
    }

    @Override
    public void add(Cell cell) {
      switch (cell) {
        case Cell.Numeric number -> counts.add(number.value());
        case Cell.Missing _ -> missing++;
        case Cell.Category _, Cell.Bad _ -> {}
      }
    }

    @Override
    public Signal signal(Plan plan) {
      return counts.signal(plan.name(), plan.place(), missing);
    }
  }

  /** Counts of values, all others together. */
  final class OfCategories implements ColumnCounts {
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private long other;
    private long missing;

    OfCategories(List<String> values) {
      values.forEach(value -> counts.put(value, 0L));
    }

    @Override
    public void add(Cell cell) {
      switch (cell) {
        case Cell.Category category -> {
          if (counts.computeIfPresent(category.text(), (_, count) -> count + 1) == null) {
            other++;
          }
        }
        case Cell.Missing _ -> missing++;
        case Cell.Numeric _, Cell.Bad _ -> {}
      }
    }

    @Override
    public Signal signal(Plan plan) {
      List<Signal.Value> values = new ArrayList<>();
      counts.forEach((text, count) -> values.add(new Signal.Value(text, count)));
      return new Signal.Categorical(plan.name(), plan.place(), values, other, missing);
    }
  }
}
