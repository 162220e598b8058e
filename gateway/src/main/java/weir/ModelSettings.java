package weir;

import java.util.Optional;
import weir.backend.CacheSettings;
import weir.routing.RoutingSettings;
import weir.serving.ServingSettings;

/** Everything that is set for one model; the cache is off when absent. */
public record ModelSettings(
    RoutingSettings routing, ServingSettings serving, Optional<CacheSettings> cache) {
  public static ModelSettings defaults() {
    return new ModelSettings(
        RoutingSettings.defaults(), ServingSettings.defaults(), Optional.empty());
  }
}
