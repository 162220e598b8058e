package weir.rollout;

/** What follows from one look, with the reason in words and numbers. */
public sealed interface Decision {
  String because();

  record Stay(String because) implements Decision {}

  record Move(RolloutState to, String because) implements Decision {
    /** The event that makes the move part of the history of {@code rollout}'s model. */
    public RolloutEvent event(String rollout) {
      return switch (to) {
        case RolloutState.Stepping next ->
            new RolloutEvent.Stepped(rollout, next.step(), next.since(), because);
        case RolloutState.AwaitingApproval waiting ->
            new RolloutEvent.ApprovalAwaited(rollout, waiting.next(), waiting.since(), because);
        case RolloutState.Promoted promoted ->
            new RolloutEvent.Promoted(rollout, promoted.at(), because);
        case RolloutState.RolledBack back ->
            new RolloutEvent.RolledBack(rollout, back.because(), back.words(), back.at());
        case RolloutState.Shadowing _, RolloutState.Paused _ ->
            throw new IllegalArgumentException("no look moves a rollout to " + to);
      };
    }
  }

  /** The move of a rollout that runs dry: told, not taken. */
  record Would(RolloutState to, String because) implements Decision {}
}
