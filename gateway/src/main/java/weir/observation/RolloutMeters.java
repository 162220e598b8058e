package weir.observation;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The metrics of rollouts and their experiments: gauges shown for a model at once, so that a scrape
 * never sees a half of a look. Safe on any thread.
 */
public final class RolloutMeters {
  /** Where a rollout is; the last four say why it was rolled back. */
  public enum Phase {
    SHADOWING,
    STEPPING,
    AWAITING_APPROVAL,
    PAUSED,
    PROMOTED,
    FAILED,
    HARMFUL,
    INCONCLUSIVE,
    ABORTED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }

  /** What happens to a rollout. */
  public enum Event {
    STARTED,
    STEPPED,
    APPROVAL_AWAITED,
    PAUSED,
    RESUMED,
    PROMOTED,
    ROLLED_BACK;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }

  /** One value of one gauge; {@code labels} are those after the model. */
  public record Reading(Metric metric, List<String> labels, double value) {
    public Reading {
      labels = List.copyOf(labels);
      if (labels.size() != metric.labels().size() - 1) {
        throw new IllegalArgumentException(
            "%s has the labels %s".formatted(metric.exposedName(), metric.labels()));
      }
    }
  }

  private static final double MILLIS_PER_SECOND = 1e3;

  private static final List<Metric> GAUGES =
      List.of(
          Metric.EXPERIMENT_EFFECT,
          Metric.EXPERIMENT_EFFECT_LOW,
          Metric.EXPERIMENT_EFFECT_HIGH,
          Metric.EXPERIMENT_EVALUE,
          Metric.EXPERIMENT_EVALUE_DECISIVE,
          Metric.EXPERIMENT_SAMPLES,
          Metric.EXPERIMENT_MEAN,
          Metric.EXPERIMENT_ERROR_RATIO,
          Metric.EXPERIMENT_ERROR_RATIO_LOW,
          Metric.EXPERIMENT_ERROR_RATIO_HIGH,
          Metric.EXPERIMENT_LATENCY,
          Metric.EXPERIMENT_LATENCY_LOW,
          Metric.EXPERIMENT_LATENCY_HIGH,
          Metric.SRM_EVALUE,
          Metric.ROLLOUT_PHASE,
          Metric.ROLLOUT_STEP,
          Metric.ROLLOUT_STEP_STARTED,
          Metric.ROLLOUT_LAST_CHANGE,
          Metric.ROLLOUT_CHECK_VALUE,
          Metric.ROLLOUT_CHECK_THRESHOLD,
          Metric.ROLLOUT_CHECK_VERDICT);

  private record Standing(BooleanSupplier leading, Supplier<Duration> age) {}

  private volatile Standing standing = new Standing(() -> false, () -> Duration.ZERO);
  private final Map<String, Map<Metric, List<Reading>>> shown = new ConcurrentHashMap<>();

  RolloutMeters(Families families) {
    families.gauge(
        Metric.LEADER, gauge -> gauge.call(standing.leading().getAsBoolean() ? 1.0 : 0.0));
    families.gauge(
        Metric.JOURNAL_AGE,
        gauge -> gauge.call(standing.age().get().toMillis() / MILLIS_PER_SECOND));
    for (Metric metric : GAUGES) {
      families.gauge(
          metric,
          gauge ->
              shown.forEach((model, readings) -> {
                for (Reading reading : readings.getOrDefault(metric, List.of())) {
                  gauge.call(reading.value(), values(model, reading.labels()));
                }
              }));
    }
  }

  /**
   * From now on these tell, at each scrape, whether this replica leads and how old its state is.
   */
  public void standing(BooleanSupplier leading, Supplier<Duration> age) {
    standing = new Standing(leading, age);
  }

  private static String[] values(String model, List<String> labels) {
    String[] values = new String[labels.size() + 1];
    values[0] = model;
    for (int i = 0; i < labels.size(); i++) {
      values[i + 1] = labels.get(i);
    }
    return values;
  }

  /**
   * From now on these are the gauges of {@code model}, all of them; what is not finite is left out,
   * because Grafana draws no infinity.
   */
  public void show(String model, List<Reading> readings) {
    shown.put(
        model,
        readings.stream()
            .filter(reading -> Double.isFinite(reading.value()))
            .collect(Collectors.groupingBy(Reading::metric)));
  }

  /** Removes the gauges of every model but these. */
  public void retain(Set<String> models) {
    shown.keySet().retainAll(models);
  }
}
