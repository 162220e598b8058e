package weir.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.journal.Recorded;
import weir.routing.RoutingPolicy;

/**
 * The bandit in one model's history, and what guides it here. Not thread-safe: the board's lock
 * guards it.
 */
final class BanditGuide {
  private final String model;
  private final List<BanditRun.Stage> stages = new ArrayList<>();
  private int told;
  private @Nullable BanditRun run;

  BanditGuide(String model) {
    this.model = model;
  }

  /** {@code event} was recorded, and led to {@code next}; any but a bandit's own begins anew. */
  void follow(RolloutEvent event, ModelHistory next, Recorded entry) {
    if (!(event instanceof RolloutEvent.BanditEvent)) {
      stages.clear();
      told = 0;
    }
    if (next.policy() instanceof RoutingPolicy.Bandit arms) {
      stages.add(new BanditRun.Stage(entry.revision(), arms.shares(), entry.at()));
    }
  }

  /** The bandit as recorded; empty without one, or when {@code configured} has no terms for it. */
  Optional<BanditRun.Begun> begun(ModelPlan configured) {
    return stages.isEmpty()
        ? Optional.empty()
        : configured
            .bandit()
            .map(terms -> new BanditRun.Begun(model, configured, terms, List.copyOf(stages)));
  }

  /** When the arms' shares moved last. */
  Instant movedAt() {
    return stages.getLast().at();
  }

  /** What guides the bandit here; empty before that could be opened. */
  Optional<BanditRun> run() {
    return Optional.ofNullable(run);
  }

  /** Guides by {@code next}, which was told the first {@code stagesTold} stages, or no more. */
  void guide(@Nullable BanditRun next, int stagesTold) {
    run = next;
    told = stagesTold;
  }

  /** Tells what guides of all shares since it was told last. */
  void tell() {
    BanditRun now = run;
    if (now != null) {
      stages.subList(told, stages.size()).forEach(now::tell);
      told = stages.size();
    }
  }
}
