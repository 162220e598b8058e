package weir.backend;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.Optional;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;

/** The one place where the decorators of a backend are put in order. */
final class BackendStack {
  private final LimitingBackend.Limit limit;
  private final GatewayMetrics metrics;
  private final Ticker ticker;

  BackendStack(LimitingBackend.Limit limit, GatewayMetrics metrics, Ticker ticker) {
    this.limit = limit;
    this.metrics = metrics;
    this.ticker = ticker;
  }

  ServedVariant compose(
      Variant variant, String digest, OnnxBackend core, Optional<CacheSettings> cache) {
    Backend limited = new LimitingBackend(core, limit, metrics.backend(variant));
    Backend direct = new CheckingBackend(limited);
    Backend front =
        cache.isEmpty()
            ? direct
            : new CachingBackend(direct, cache.get(), metrics.cache(variant), ticker);
    return new ServedVariant(variant, core.signature(), digest, front, direct);
  }
}
