package weir.drift;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of one categorical signal while a baseline is made.
 *
 * <p>Keeps at most {@value #DISTINCT_MAX} distinct values, the first ones met; the rows of any
 * later one, and of values too long, count as other. The empty string is missing. Not thread-safe.
 */
final class CategorySample {
  static final int DISTINCT_MAX = 10_000;

  private final Map<String, Long> counts = new HashMap<>();
  private long missing;
  private long other;

  void add(String value) {
    if (value.isEmpty()) {
      missing++;
    } else if (kept(value)) {
      counts.merge(value, 1L, Long::sum);
    } else {
      other++;
    }
  }

  private boolean kept(String value) {
    return counts.containsKey(value)
        || (counts.size() < DISTINCT_MAX
            && !value.equals(Signal.OTHER)
            && value.getBytes(StandardCharsets.UTF_8).length <= Signal.Categorical.VALUE_BYTES_MAX);
  }

  /** The signal with its most frequent values; empty when there was no value. */
  Optional<Signal> signal(String name, Place place) {
    if (counts.isEmpty() && other == 0) {
      return Optional.empty();
    }
    List<Signal.Value> values = new ArrayList<>();
    counts.forEach((text, count) -> values.add(new Signal.Value(text, count)));
    values.sort(
        Comparator.comparingLong(Signal.Value::count).reversed().thenComparing(Signal.Value::text));
    int kept = Math.min(values.size(), Signal.Categorical.VALUES_MAX);
    long rest = other;
    for (Signal.Value value : values.subList(kept, values.size())) {
      rest += value.count();
    }
    return Optional.of(new Signal.Categorical(name, place, values.subList(0, kept), rest, missing));
  }
}
