package weir.observation;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import weir.inference.Variant;

/**
 * The metrics of drift: gauges shown for a variant at once, so that a scrape never sees a half of a
 * window. Safe on any thread.
 */
public final class DriftMeters {
  /** One value of one gauge; {@code labels} are those after model and variant. */
  public record Reading(Metric metric, List<String> labels, double value) {
    public Reading {
      labels = List.copyOf(labels);
      if (labels.size() != metric.labels().size() - 2) {
        throw new IllegalArgumentException(
            "%s has the labels %s".formatted(metric.exposedName(), metric.labels()));
      }
    }
  }

  private static final List<Metric> GAUGES =
      List.of(
          Metric.DRIFT_WINDOW_BIN,
          Metric.DRIFT_WINDOW_ODD,
          Metric.DRIFT_SAMPLES,
          Metric.DRIFT_SAMPLES_MIN,
          Metric.DRIFT_WINDOW,
          Metric.DRIFT_SCORE,
          Metric.DRIFT_STATUS,
          Metric.DRIFT_UNTRACKED,
          Metric.BASELINE_BIN_RATIO,
          Metric.BASELINE_ODD_RATIO,
          Metric.BASELINE_SAMPLES,
          Metric.BASELINE_TIMESTAMP);

  private final Map<Variant, Map<Metric, List<Reading>>> shown = new ConcurrentHashMap<>();
  private final Counter invalidInputs;

  DriftMeters(Families families) {
    for (Metric metric : GAUGES) {
      families.gauge(
          metric,
          gauge ->
              shown.forEach((variant, readings) -> {
                for (Reading reading : readings.getOrDefault(metric, List.of())) {
                  gauge.call(reading.value(), values(variant, reading.labels()));
                }
              }));
    }
    invalidInputs = families.counter(Metric.INVALID_INPUTS);
  }

  private static String[] values(Variant variant, List<String> labels) {
    String[] values = new String[labels.size() + 2];
    values[0] = variant.model();
    values[1] = variant.version();
    for (int i = 0; i < labels.size(); i++) {
      values[i + 2] = labels.get(i);
    }
    return values;
  }

  /** From now on these are the gauges of {@code variant}, all of them. */
  public void show(Variant variant, List<Reading> readings) {
    shown.put(variant, readings.stream().collect(Collectors.groupingBy(Reading::metric)));
  }

  public void forget(Variant variant) {
    shown.remove(variant);
  }

  /** The counter, from 0, of a configured input that was refused for that reason. */
  public Runnable invalidInput(String model, String feature, String reason) {
    CounterDataPoint counter = invalidInputs.labelValues(model, feature, reason);
    return counter::inc;
  }

  /** Removes the counters of {@code model}. */
  public void forgetInputs(String model) {
    invalidInputs.removeIf(values -> values.getFirst().equals(model));
  }
}
