package weir.observation;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import weir.inference.Variant;

/**
 * A classic histogram of durations per variant, with the last sampled trace of each bucket.
 *
 * <p>It counts in nanoseconds and shows seconds; a duration equal to a bound is below it. The
 * Prometheus client's own histogram cannot be told a trace id without a tracer that the client
 * finds by itself, and costs more.
 */
final class DurationHistogram implements Collector {
  private static final double NANOS_PER_SECOND = 1e9;

  private final MetricMetadata metadata;
  private final Metric metric;
  private final double[] boundSeconds;
  private final long[] boundNanos;
  private final InstantSource clock;
  private final Map<Variant, Series> byVariant = new ConcurrentHashMap<>();

  private DurationHistogram(Metric metric, double[] boundSeconds, InstantSource clock) {
    this.metric = metric;
    this.metadata = new MetricMetadata(metric.exposedName(), metric.help(), Unit.SECONDS);
    this.boundSeconds = new double[boundSeconds.length + 1];
    this.boundNanos = new long[boundSeconds.length];
    this.clock = clock;
    for (int i = 0; i < boundSeconds.length; i++) {
      this.boundSeconds[i] = boundSeconds[i];
      this.boundNanos[i] = Math.round(boundSeconds[i] * NANOS_PER_SECOND);
    }
    this.boundSeconds[boundSeconds.length] = Double.POSITIVE_INFINITY;
  }

  /**
   * A histogram of {@code metric}, a metric per variant in seconds, that {@code registry} shows.
   */
  static DurationHistogram register(
      PrometheusRegistry registry, Metric metric, double[] boundSeconds, InstantSource clock) {
    DurationHistogram histogram = new DurationHistogram(metric, boundSeconds, clock);
    registry.register(histogram);
    return histogram;
  }

  /** The series of {@code variant}, shown from 0. */
  Series of(Variant variant) {
    return byVariant.computeIfAbsent(variant, _ -> new Series());
  }

  void remove(Variant variant) {
    byVariant.remove(variant);
  }

  @Override
  public HistogramSnapshot collect() {
    List<HistogramDataPointSnapshot> points =
        byVariant.entrySet().stream()
            .map(entry -> entry.getValue().snapshot(labels(entry.getKey())))
            .toList();
    return new HistogramSnapshot(metadata, points);
  }

  private Labels labels(Variant variant) {
    return Labels.of(metric.labels(), List.of(variant.model(), variant.version()));
  }

  /** One variant's durations; any thread adds to them. */
  final class Series {
    private final LongAdder[] counts = new LongAdder[boundSeconds.length];
    private final LongAdder sumNanos = new LongAdder();
    private final AtomicReferenceArray<Exemplar> exemplars =
        new AtomicReferenceArray<>(boundSeconds.length);

    private Series() {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    void observe(long nanos) {
      counts[bucket(nanos)].increment();
      sumNanos.add(nanos);
    }

    /** Adds a duration that a sampled trace explains. */
    void observe(long nanos, String traceId) {
      observe(nanos);
      Exemplar exemplar =
          Exemplar.builder()
              .value(nanos / NANOS_PER_SECOND)
              .labels(Labels.of("trace_id", traceId))
              .timestampMillis(clock.millis())
              .build();
      exemplars.set(bucket(nanos), exemplar);
    }

    VariantStatistics.Total total() {
      long count = 0;
      for (LongAdder bucket : counts) {
        count += bucket.sum();
      }
      return new VariantStatistics.Total(count, sumNanos.sum());
    }

    List<VariantTraffic.Bucket> buckets() {
      return IntStream.range(0, counts.length)
          .mapToObj(i -> new VariantTraffic.Bucket(boundSeconds[i], counts[i].sum()))
          .toList();
    }

    private int bucket(long nanos) {
      int bucket = 0;
      while (bucket < boundNanos.length && nanos > boundNanos[bucket]) {
        bucket++;
      }
      return bucket;
    }

    private HistogramDataPointSnapshot snapshot(Labels labels) {
      long[] sums = new long[counts.length];
      Exemplars.Builder shown = Exemplars.builder();
      for (int i = 0; i < counts.length; i++) {
        sums[i] = counts[i].sum();
        Exemplar exemplar = exemplars.get(i);
        if (exemplar != null) {
          shown.exemplar(exemplar);
        }
      }
      return new HistogramDataPointSnapshot(
          ClassicHistogramBuckets.of(boundSeconds, sums),
          sumNanos.sum() / NANOS_PER_SECOND,
          labels,
          shown.build(),
          0);
    }
  }
}
