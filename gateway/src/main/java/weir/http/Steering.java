package weir.http;

import java.util.Optional;
import weir.journal.Journal;
import weir.rollout.RolloutControl;

/** What the admin door steers: rollouts, and the record of who did what. */
public record Steering(RolloutControl control, Versions versions, Journal journal) {
  /** Asks whether two versions of a model can share its traffic. */
  @FunctionalInterface
  public interface Versions {
    /** Why they cannot; empty when they can. */
    Optional<String> mismatch(String model, String stable, String candidate);
  }
}
