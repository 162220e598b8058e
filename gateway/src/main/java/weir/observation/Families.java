package weir.observation;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.core.metrics.MetricWithFixedMetadata;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import weir.inference.Variant;

/** The catalogue's metrics as registered families; each is registered by its first use here. */
final class Families {
  /** From 100 µs to 10 s: what a caller or a model may take. */
  private static final double[] DURATION_BOUNDS = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  /** From 10 µs to 1 s: what the gateway itself may take. */
  private static final double[] OVERHEAD_BOUNDS = {
    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
    0.1, 0.25, 0.5, 1
  };

  private final PrometheusRegistry registry;
  private final InstantSource clock;
  private final List<DurationHistogram> histograms = new ArrayList<>();
  private final Map<Metric, StatefulMetric<?, ?>> stateful = new EnumMap<>(Metric.class);

  Families(PrometheusRegistry registry, InstantSource clock) {
    this.clock = clock;
    this.registry = registry;
  }

  Counter counter(Metric metric) {
    return kept(metric, described(Counter.builder().withoutExemplars(), metric).register(registry));
  }

  Gauge gauge(Metric metric) {
    return kept(metric, described(Gauge.builder().withoutExemplars(), metric).register(registry));
  }

  /** A gauge whose series are told anew at each scrape. */
  void gauge(Metric metric, Consumer<GaugeWithCallback.Callback> callback) {
    described(GaugeWithCallback.builder(), metric).callback(callback).register(registry);
  }

  DurationHistogram histogram(Metric metric) {
    boolean whole = metric == Metric.REQUEST_DURATION || metric == Metric.MODEL_DURATION;
    DurationHistogram histogram =
        DurationHistogram.register(
            registry, metric, whole ? DURATION_BOUNDS : OVERHEAD_BOUNDS, clock);
    histograms.add(histogram);
    return histogram;
  }

  /** A histogram of durations that has no variant. */
  Histogram wholeHistogram(Metric metric) {
    Histogram.Builder builder =
        Histogram.builder().classicOnly().classicUpperBounds(DURATION_BOUNDS).withoutExemplars();
    return described(builder, metric).register(registry);
  }

  void info(Metric metric, String... labelValues) {
    described(Info.builder(), metric).register(registry).setLabelValues(labelValues);
  }

  /** Removes the variant's series from every family that has them. */
  void remove(Variant variant) {
    histograms.forEach(histogram -> histogram.remove(variant));
    stateful.forEach((metric, family) -> {
      if (metric.perVariant()) {
        family.removeIf(values ->
            values.get(0).equals(variant.model()) && values.get(1).equals(variant.version()));
      }
    });
  }

  private <F extends StatefulMetric<?, ?>> F kept(Metric metric, F family) {
    stateful.put(metric, family);
    return family;
  }

  private static <B extends MetricWithFixedMetadata.Builder<B, ?>> B described(
      B builder, Metric metric) {
    builder
        .name(metric.exposedName())
        .help(metric.help())
        .labelNames(metric.labels().toArray(String[]::new));
    return switch (metric.unit()) {
      case NONE -> builder;
      case SECONDS -> builder.unit(Unit.SECONDS);
      case BYTES -> builder.unit(Unit.BYTES);
    };
  }
}
