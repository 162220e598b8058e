package weir.observation;

import static java.util.Objects.requireNonNull;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** One counter for each constant of a closed set, all exported from 0. */
final class EnumCounters<E extends Enum<E>> {
  private final Map<E, CounterDataPoint> counters;

  EnumCounters(Class<E> constants, Function<E, CounterDataPoint> counter) {
    counters = new EnumMap<>(constants);
    for (E constant : constants.getEnumConstants()) {
      counters.put(constant, counter.apply(constant));
    }
  }

  /** All of {@code constants} together. */
  long sum(Set<E> constants) {
    return constants.stream()
        .mapToLong(constant -> (long) requireNonNull(counters.get(constant)).get())
        .sum();
  }

  void increment(E constant) {
    requireNonNull(counters.get(constant)).inc();
  }
}
