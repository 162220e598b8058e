package weir.observation;

import io.prometheus.metrics.core.metrics.Counter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleUnaryOperator;
import weir.inference.Variant;

/** The metrics of shadows; safe on any thread. */
public final class ShadowMeters {
  /** What a copy's answer is beside the stable variant's. */
  public enum Result {
    EQUAL,
    DIFFERENT,
    FAILED,
    INCOMPARABLE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }

  private record Percentile(String label, double p) {}

  private static final List<Percentile> PERCENTILES =
      List.of(new Percentile("p50", 0.5), new Percentile("p99", 0.99), new Percentile("max", 1));

  private final Counter comparisons;
  private final EnumCounters<ShadowObserver.Drop> dropped;
  private final Map<Variant, DoubleUnaryOperator> differences = new ConcurrentHashMap<>();

  ShadowMeters(Families families) {
    comparisons = families.counter(Metric.SHADOW_COMPARISONS);
    Counter drops = families.counter(Metric.SHADOW_DROPPED);
    dropped =
        new EnumCounters<>(ShadowObserver.Drop.class, reason -> drops.labelValues(reason.label()));
    families.gauge(
        Metric.SHADOW_DIFFERENCE,
        gauge ->
            differences.forEach((variant, quantile) -> {
              for (Percentile percentile : PERCENTILES) {
                double value = quantile.applyAsDouble(percentile.p());
                if (!Double.isNaN(value)) {
                  gauge.call(value, variant.model(), variant.version(), percentile.label());
                }
              }
            }));
  }

  /**
   * Exports the counters of {@code shadow} from 0; {@code difference} answers the quantile of a
   * probability, NaN before there is one.
   */
  public void watch(Variant shadow, DoubleUnaryOperator difference) {
    for (Result result : Result.values()) {
      comparisons.labelValues(shadow.model(), shadow.version(), result.label());
    }
    differences.put(shadow, difference);
  }

  public void compared(Variant shadow, Result result) {
    comparisons.labelValues(shadow.model(), shadow.version(), result.label()).inc();
  }

  public void dropped(ShadowObserver.Drop reason) {
    dropped.increment(reason);
  }

  public void forget(Variant shadow) {
    differences.remove(shadow);
    comparisons.removeIf(
        values -> values.get(0).equals(shadow.model()) && values.get(1).equals(shadow.version()));
  }
}
