package weir.rollout;

import weir.experiment.ExperimentSettings;
import weir.routing.ModelRoute;

/**
 * What the configuration says of one model.
 *
 * <p>{@code explicit}: the file gives the policy; else it stands for the newest version. {@code
 * cached}: answers may come from a cache.
 */
public record ModelPlan(
    ModelRoute route,
    boolean explicit,
    boolean cached,
    ExperimentSettings experiment,
    RolloutSettings rollout) {}
