package weir.rollout;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.observation.RolloutMeters.Event;

/**
 * The way that a model's last rollout came: when each thing last happened to it, and the step that
 * it is in or ended in.
 *
 * @param step −1 before the first
 * @param since when that step began, moved on by its pauses
 */
record Trail(Map<Event, Instant> last, int step, Optional<Instant> since) {
  static final Trail NONE = new Trail(Map.of(), -1, Optional.empty());

  Trail {
    last = Map.copyOf(last);
  }

  /** That of a whole stream, which is not empty. */
  static Trail of(List<RolloutEvent> events) {
    ModelHistory history = ModelHistory.of(events.subList(0, 1)).orElseThrow();
    Trail trail = NONE;
    for (RolloutEvent event : events.subList(1, events.size())) {
      history = history.after(event);
      trail = trail.after(event, history);
    }
    return trail;
  }

  /** The trail with {@code event}, which led to {@code history}. */
  Trail after(RolloutEvent event, ModelHistory history) {
    return switch (event) {
      case RolloutEvent.Configured _, RolloutEvent.SplitSet _, RolloutEvent.BanditEvent _ -> this;
      case RolloutEvent.Started e -> NONE.with(Event.STARTED, e.at(), history);
      case RolloutEvent.Stepped e -> with(Event.STEPPED, e.at(), history);
      case RolloutEvent.ApprovalAwaited e -> with(Event.APPROVAL_AWAITED, e.at(), history);
      case RolloutEvent.Approved e ->
          with(history.underWay().isPresent() ? Event.STEPPED : Event.PROMOTED, e.at(), history);
      case RolloutEvent.Paused e -> with(Event.PAUSED, e.at(), history);
      case RolloutEvent.Resumed e -> with(Event.RESUMED, e.at(), history);
      case RolloutEvent.Promoted e -> with(Event.PROMOTED, e.at(), history);
      case RolloutEvent.RolledBack e -> with(Event.ROLLED_BACK, e.at(), history);
    };
  }

  private Trail with(Event event, Instant at, ModelHistory history) {
    Map<Event, Instant> next = new EnumMap<>(Event.class);
    next.putAll(last);
    next.put(event, at);
    ModelHistory.Run run = history.last().orElseThrow();
    return switch (run.state()) {
      case RolloutState.Shadowing now -> new Trail(next, -1, Optional.of(now.since()));
      case RolloutState.Stepping now -> new Trail(next, now.step(), Optional.of(now.since()));
      case RolloutState.Promoted now ->
          new Trail(next, run.terms().settings().last(), Optional.of(now.at()));
      case RolloutState.AwaitingApproval _, RolloutState.Paused _, RolloutState.RolledBack _ ->
          new Trail(next, step, since);
    };
  }
}
