package weir.rollout;

import java.util.List;
import weir.experiment.Look;
import weir.routing.RoutingPolicy;

/** What a person, or the changed configuration, asks of a model's policy. */
public sealed interface RolloutCommand {
  /** The configuration's policy; asked whenever it is read. */
  record Configure(RoutingPolicy policy) implements RolloutCommand {}

  record SetSplit(RoutingPolicy policy) implements RolloutCommand {}

  record Start(RolloutTerms terms) implements RolloutCommand {}

  record Pause() implements RolloutCommand {}

  record Resume() implements RolloutCommand {}

  /**
   * Approves the next step, or forces it; {@code look} is the latest, and harm in it refuses. In a
   * dry run this moves too: a person asked.
   */
  record Advance(Look look) implements RolloutCommand {}

  record Abort() implements RolloutCommand {}

  /** What follows: the events to append, or why there are none. */
  sealed interface Answer {
    String words();

    /** No events when what was asked for holds already. */
    record Accepted(List<RolloutEvent> events, String words) implements Answer {
      public Accepted {
        events = List.copyOf(events);
      }
    }

    record Refused(String words) implements Answer {}
  }
}
