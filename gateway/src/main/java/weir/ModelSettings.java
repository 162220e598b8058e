package weir;

import java.nio.file.Path;
import java.util.Optional;
import weir.backend.CacheSettings;
import weir.drift.DriftSettings;
import weir.experiment.ExperimentSettings;
import weir.rollout.RolloutSettings;
import weir.routing.RoutingSettings;
import weir.serving.ServingSettings;

/** Everything that is set for one model; the cache is off when absent. */
public record ModelSettings(
    RoutingSettings routing,
    ServingSettings serving,
    Optional<CacheSettings> cache,
    DriftSettings drift,
    ExperimentSettings experiment,
    RolloutSettings rollout) {
  public static ModelSettings defaults() {
    return new ModelSettings(
        RoutingSettings.defaults(),
        ServingSettings.defaults(),
        Optional.empty(),
        DriftSettings.defaults(),
        ExperimentSettings.defaults(),
        RolloutSettings.defaults());
  }

  ModelSettings resolvedFrom(Path folder) {
    return new ModelSettings(
        routing, serving, cache, drift.resolvedFrom(folder), experiment, rollout);
  }
}
