package weir.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import weir.rollout.Change;
import weir.rollout.RolloutEvent;
import weir.rollout.RolloutJson;

/** A change of a model's policy, as a notice. */
public final class RolloutNotice {
  private static final String TYPE = "rollout";

  private RolloutNotice() {}

  public static Notice of(Change change) {
    return new Notice(
        0,
        change.at(),
        TYPE,
        change.model(),
        change.version(),
        "%s: %s".formatted(change.model(), change.words()),
        details(change),
        change.own());
  }

  /** Whether a candidate did harm. */
  public static boolean alerts(Change change) {
    return change.event() instanceof RolloutEvent.RolledBack back && back.because().alerts();
  }

  private static String details(Change change) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("event", change.event().type())
        .put("actor", change.actor())
        .putRawValue(
            "details",
            new com.fasterxml.jackson.databind.util.RawValue(RolloutJson.write(change.event())))
        .toString();
  }
}
