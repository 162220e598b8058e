package weir.rollout;

import java.util.Optional;
import weir.experiment.ExperimentReport;
import weir.experiment.Look;
import weir.routing.RoutingPolicy;

/**
 * Where one model stands.
 *
 * <p>{@code because} says where the policy comes from, {@code words} what the rollout waits for.
 * {@code unrecorded} events are in effect and not in the journal yet.
 */
public record ModelStatus(
    String model,
    long revision,
    RoutingPolicy policy,
    String because,
    boolean configurationWaits,
    Optional<ModelHistory.Run> rollout,
    String words,
    Optional<Look> look,
    Optional<ExperimentReport> report,
    int unrecorded) {}
