package weir.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import weir.drift.DriftEvent;
import weir.drift.SignalDrift;

/** A changed status of drift, as a notice. */
public final class DriftNotice {
  private static final String TYPE = "drift";

  private DriftNotice() {}

  public static Notice of(DriftEvent event) {
    SignalDrift now = event.now();
    return new Notice(
        0,
        event.at(),
        TYPE,
        event.variant().model(),
        event.variant().version(),
        "%s: %s is %s, was %s"
            .formatted(
                event.variant(), now.feature(), now.status().label(), event.before().label()),
        details(event));
  }

  private static String details(DriftEvent event) {
    SignalDrift now = event.now();
    return JsonNodeFactory.instance
        .objectNode()
        .put("feature", now.feature())
        .put("side", now.place().side().label())
        .put("status", now.status().label())
        .put("before", event.before().label())
        .put("since", now.since().toString())
        .put("samples", now.samples())
        .put("psi", now.distribution().psi())
        .put("p", now.distribution().p())
        .toString();
  }
}
