package weir.backend;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import weir.inference.ModelSignature;
import weir.inference.Variant;
import weir.observation.BackendMeters;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;

/** The one place where the decorators of a backend are put in order. */
final class BackendStack {
  private final int permits;
  private final int maxQueued;
  private final Semaphore all;
  private final GatewayMetrics metrics;
  private final Tracing tracing;
  private final Ticker ticker;

  BackendStack(
      RepositorySettings settings, GatewayMetrics metrics, Tracing tracing, Ticker ticker) {
    permits = settings.permitsOrProcessors();
    maxQueued = settings.maxQueued();
    all = LimitingBackend.Limit.shared(permits);
    this.metrics = metrics;
    this.tracing = tracing;
    this.ticker = ticker;
  }

  ServedVariant compose(
      Variant variant, String digest, OnnxBackend core, Optional<CacheSettings> cache) {
    BackendMeters meters = metrics.backend(variant);
    Backend observed = new ObservedBackend(new CheckingBackend(core), meters, tracing);
    LimitingBackend.Limit limit = LimitingBackend.Limit.of(permits, maxQueued, all);
    meters.limited(limit.places()::inFlight, limit.places()::limit);
    Backend direct = new LimitingBackend(observed, limit, meters);
    meters.up(true);
    return new ServedVariant(
        variant, core.signature(), digest, front(variant, direct, cache), direct, () -> "");
  }

  /** What a server elsewhere does of its own, limit and count, needs no decorator here. */
  ServedVariant composeRemote(
      Variant variant, RemoteCore core, ModelSignature signature, Optional<CacheSettings> cache) {
    Backend direct = new CheckingBackend(core);
    return new ServedVariant(
        variant, signature, "", front(variant, direct, cache), direct, core.variant()::problem);
  }

  private Backend front(Variant variant, Backend direct, Optional<CacheSettings> cache) {
    return cache.isEmpty()
        ? direct
        : new CachingBackend(direct, cache.get(), metrics.cache(variant), tracing, ticker);
  }
}
