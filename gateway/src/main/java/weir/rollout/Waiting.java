package weir.rollout;

import java.util.Optional;
import weir.journal.Entry;
import weir.routing.RoutingPolicy;

/** An event that is not known to be recorded, who did it, why, and in a sentence. */
record Waiting(RolloutEvent event, String actor, String why, String words) {
  Entry entry() {
    return new Entry(event.type(), actor, why, RolloutJson.write(event));
  }

  /**
   * What this is after {@code history}: the same, or nothing when others ended what it is about. A
   * candidate that others promoted while it was taken back here is taken back from there.
   */
  Optional<Waiting> after(ModelHistory history) {
    return switch (event) {
      case RolloutEvent.SplitSet _ -> when(history.underWay().isEmpty());
      case RolloutEvent.ArmOut out ->
          when(
              history.underWay().isEmpty()
                  && history.policy() instanceof RoutingPolicy.Bandit arms
                  && arms.probability(out.version()) > 0);
      case RolloutEvent.Progress progress ->
          history
              .last()
              .filter(run -> run.terms().rollout().equals(progress.rollout()))
              .flatMap(run -> run.state().over() ? takenBack(history, run) : Optional.of(this));
      case RolloutEvent.Configured _, RolloutEvent.Started _, RolloutEvent.ArmsMoved _ ->
          Optional.empty();
    };
  }

  private Optional<Waiting> when(boolean fits) {
    return fits ? Optional.of(this) : Optional.empty();
  }

  private Optional<Waiting> takenBack(ModelHistory history, ModelHistory.Run run) {
    RolloutTerms terms = run.terms();
    return run.state() instanceof RolloutState.Promoted
            && event instanceof RolloutEvent.RolledBack
            && history.policy().equals(new RoutingPolicy.Fixed(terms.candidate()))
        ? Optional.of(
            new Waiting(
                new RolloutEvent.SplitSet(new RoutingPolicy.Fixed(terms.stable())),
                actor,
                why,
                "version %s was promoted meanwhile, and is taken back: %s"
                    .formatted(terms.candidate(), words)))
        : Optional.empty();
  }
}
