package weir.rollout;

import java.util.Optional;
import weir.experiment.ExperimentSettings;
import weir.routing.BanditTerms;
import weir.routing.ModelRoute;

/**
 * What the configuration says of one model.
 *
 * <p>{@code explicit}: the file gives the policy; else it stands for the newest version. {@code
 * cached}: answers may come from a cache. {@code bandit}: what the shares follow when the policy is
 * one.
 */
public record ModelPlan(
    ModelRoute route,
    boolean explicit,
    boolean cached,
    ExperimentSettings experiment,
    RolloutSettings rollout,
    Optional<BanditTerms> bandit) {
  /** A model whose policy is no bandit. */
  public ModelPlan(
      ModelRoute route,
      boolean explicit,
      boolean cached,
      ExperimentSettings experiment,
      RolloutSettings rollout) {
    this(route, explicit, cached, experiment, rollout, Optional.empty());
  }
}
