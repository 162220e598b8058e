package weir.observation;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.Locale;
import weir.inference.Blame;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.routing.Because;

/** The families that have series per variant, and the way from a variant to its own. */
final class VariantFamilies {
  private final Counter requests;
  private final DurationHistogram requestSeconds;
  private final DurationHistogram modelSeconds;
  private final DurationHistogram overheadSeconds;
  private final Counter assignments;
  private final Counter fallbacks;
  private final Counter cacheRequests;
  private final Counter cacheEvictions;
  private final Gauge cacheBytes;
  private final Gauge backendUp;
  private final Counter backendAttempts;
  private final DurationHistogram backendQueueSeconds;

  VariantFamilies(Families families) {
    requests = families.counter(Metric.REQUESTS);
    requestSeconds = families.histogram(Metric.REQUEST_DURATION);
    modelSeconds = families.histogram(Metric.MODEL_DURATION);
    overheadSeconds = families.histogram(Metric.OVERHEAD);
    assignments = families.counter(Metric.ASSIGNMENTS);
    fallbacks = families.counter(Metric.FALLBACKS);
    cacheRequests = families.counter(Metric.CACHE_REQUESTS);
    cacheEvictions = families.counter(Metric.CACHE_EVICTIONS);
    cacheBytes = families.gauge(Metric.CACHE_BYTES);
    backendUp = families.gauge(Metric.BACKEND_UP);
    backendAttempts = families.counter(Metric.BACKEND_ATTEMPTS);
    backendQueueSeconds = families.histogram(Metric.BACKEND_QUEUE);
  }

  RequestMeters requests(Variant variant, EnumCounters<Reason> refusals) {
    String model = variant.model();
    String version = variant.version();
    return new RequestMeters(
        new EnumCounters<>(
            Source.class, source -> requests.labelValues(model, version, "ok", source.label())),
        new EnumCounters<>(
            Blame.class, blame -> requests.labelValues(model, version, label(blame), "none")),
        refusals,
        new EnumCounters<>(
            Because.class, because -> assignments.labelValues(model, version, because.label())),
        requestSeconds.of(variant),
        modelSeconds.of(variant),
        overheadSeconds.of(variant));
  }

  FallbackMeters fallbacks(Variant variant) {
    return new FallbackMeters(
        fallbacks.labelValues(variant.model(), variant.version(), "ok"),
        fallbacks.labelValues(variant.model(), variant.version(), "failed"));
  }

  CacheMeters cache(Variant variant) {
    String model = variant.model();
    String version = variant.version();
    return new CacheMeters(
        cacheRequests.labelValues(model, version, "hit"),
        cacheRequests.labelValues(model, version, "miss"),
        cacheRequests.labelValues(model, version, "coalesced"),
        cacheEvictions.labelValues(model, version),
        cacheBytes.labelValues(model, version));
  }

  BackendMeters backend(Variant variant) {
    String model = variant.model();
    String version = variant.version();
    return new BackendMeters(
        backendUp.labelValues(model, version),
        new EnumCounters<>(
            BackendMeters.Attempt.class,
            attempt -> backendAttempts.labelValues(model, version, attempt.label())),
        backendQueueSeconds.of(variant));
  }

  private static String label(Blame blame) {
    return blame.name().toLowerCase(Locale.ROOT);
  }
}
