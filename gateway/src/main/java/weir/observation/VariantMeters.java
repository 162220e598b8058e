package weir.observation;

import java.time.InstantSource;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;

/** All that is counted of one variant: its meters, and the totals behind its statistics. */
final class VariantMeters {
  private final RequestMeters requests;
  private final CacheMeters cache;
  private final BackendMeters backend;
  private final FallbackMeters fallbacks;
  private final InstantSource clock;
  private final RunningTotal success = new RunningTotal();
  private final RunningTotal fail = new RunningTotal();
  private final RunningTotal cacheHit = new RunningTotal();
  private volatile long lastInferenceMillis;

  VariantMeters(
      Variant variant,
      VariantFamilies families,
      EnumCounters<Reason> refusals,
      InstantSource clock) {
    this.requests = families.requests(variant, refusals);
    this.cache = families.cache(variant);
    this.backend = families.backend(variant);
    this.fallbacks = families.fallbacks(variant);
    this.clock = clock;
  }

  void observe(Observation observation) {
    requests.observe(observation);
    long totalNanos = observation.totalNanos();
    switch (observation.outcome()) {
      case Outcome.Refused _ -> fail.add(totalNanos);
      case Outcome.Answered(Source source) -> {
        success.add(totalNanos);
        switch (source) {
          case MODEL -> {
            long now = clock.millis();
            if (now != lastInferenceMillis) {
              lastInferenceMillis = now;
            }
          }
          case CACHE -> cacheHit.add(totalNanos);
          case COALESCED -> {}
        }
      }
    }
  }

  void fellBack(boolean ok) {
    fallbacks.count(ok);
  }

  CacheMeters cache() {
    return cache;
  }

  BackendMeters backend() {
    return backend;
  }

  VariantStatistics statistics() {
    VariantStatistics.Total executed = requests.model();
    return new VariantStatistics(
        lastInferenceMillis,
        executed.count(),
        executed.count(),
        success.read(),
        fail.read(),
        backend.queue(),
        executed,
        cacheHit.read(),
        new VariantStatistics.Total(cache.misses(), 0),
        requests.traffic());
  }
}
