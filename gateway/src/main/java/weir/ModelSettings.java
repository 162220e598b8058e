package weir;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import weir.backend.CacheSettings;
import weir.drift.DriftSettings;
import weir.experiment.ExperimentSettings;
import weir.remote.RemoteSettings;
import weir.rollout.RolloutSettings;
import weir.routing.RoutingSettings;
import weir.serving.ServingSettings;

/**
 * Everything that is set for one model; the cache is off when absent. {@code variants}: the
 * versions that live on servers elsewhere, beside those in the repository.
 */
public record ModelSettings(
    RoutingSettings routing,
    ServingSettings serving,
    Optional<CacheSettings> cache,
    Map<String, RemoteSettings> variants,
    DriftSettings drift,
    ExperimentSettings experiment,
    RolloutSettings rollout) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  public ModelSettings {
    variants = Map.copyOf(variants);
    variants.forEach((version, remote) -> {
      requireName(version);
      if (remote.endpoints().isEmpty()) {
        throw new IllegalArgumentException(
            "version '%s' lives elsewhere: say where, endpoints: [\"http://HOST:PORT\"]"
                .formatted(version));
      }
    });
  }

  private static void requireName(String version) {
    if (!NAME.matcher(version).matches()) {
      throw new IllegalArgumentException(
          "a version is named by letters, digits, '.', '_' and '-', not '" + version + "'");
    }
  }

  public static ModelSettings defaults() {
    return new ModelSettings(
        RoutingSettings.defaults(),
        ServingSettings.defaults(),
        Optional.empty(),
        Map.of(),
        DriftSettings.defaults(),
        ExperimentSettings.defaults(),
        RolloutSettings.defaults());
  }

  ModelSettings resolvedFrom(Path folder) {
    return new ModelSettings(
        routing, serving, cache, variants, drift.resolvedFrom(folder), experiment, rollout);
  }
}
