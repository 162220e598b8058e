package weir;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import weir.journal.JournalUnavailableException;
import weir.rollout.RolloutControl;

/**
 * Puts the models into service as soon as the journal says how they stand; until then the replica
 * is live and not ready.
 */
final class Opening implements Runnable {
  private static final Logger LOG = System.getLogger(Opening.class.getName());

  private final RolloutControl control;
  private final Runnable keys;
  private final LiveGateway live;
  private volatile boolean open;
  private volatile String missing = "the gateway is starting";

  /** {@code keys} finds the keys of prediction ids. */
  Opening(RolloutControl control, Runnable keys, LiveGateway live) {
    this.control = control;
    this.keys = keys;
    this.live = live;
  }

  /** What keeps this replica from serving; empty once it does. */
  Optional<String> missing() {
    return open ? Optional.empty() : Optional.of(missing);
  }

  /** Opens if the journal answers; what is wrong with the settings or the models when it does. */
  List<String> attempt() {
    try {
      keys.run();
      List<String> problems = live.open();
      open = problems.isEmpty();
      if (!open) {
        waits(String.join("; ", problems));
      }
      return problems;
    } catch (JournalUnavailableException e) {
      waits("the journal is not there, so the models' shares are not known: " + e.getMessage());
      return List.of();
    }
  }

  private void waits(String why) {
    if (!why.equals(missing)) {
      LOG.log(Level.WARNING, "not ready: {0}", why);
      missing = why;
    }
  }

  /** Another attempt, unless it is open, or the journal is known not to answer. */
  @Override
  public void run() {
    if (!open && control.standing().problem().isEmpty() && attempt().isEmpty() && open) {
      LOG.log(Level.INFO, "ready: the journal answers");
    }
  }
}
