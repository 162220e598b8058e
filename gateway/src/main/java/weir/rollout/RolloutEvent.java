package weir.rollout;

import java.time.Instant;
import java.util.List;
import weir.routing.RoutingPolicy;
import weir.routing.Share;

/**
 * One thing that happened to a model's policy. Who did it and why are the journal's to keep.
 *
 * <p>{@code type} is the word in the journal. A stored word is never given another meaning.
 */
public sealed interface RolloutEvent {
  /** The configuration's policy, at first and whenever it changes. */
  record Configured(RoutingPolicy policy) implements RolloutEvent {}

  /** A person set the policy. */
  record SplitSet(RoutingPolicy policy) implements RolloutEvent {}

  record Started(RolloutTerms terms, Instant at) implements RolloutEvent {}

  /** The evidence let step {@code step} begin. */
  record Stepped(String rollout, int step, Instant at, String words) implements Progress {}

  record ApprovalAwaited(String rollout, int next, Instant at, String words) implements Progress {}

  /** A person let step {@code step} begin; the last one is the promotion. */
  record Approved(String rollout, int step, Instant at, String words) implements Progress {}

  record Paused(String rollout, Instant at) implements Progress {}

  record Resumed(String rollout, Instant at) implements Progress {}

  record Promoted(String rollout, Instant at, String words) implements Progress {}

  record RolledBack(String rollout, RolloutState.Because because, String words, Instant at)
      implements Progress {}

  /** The bandit gave its arms other shares. */
  record ArmsMoved(List<Share> shares, String words, Instant at) implements BanditEvent {
    public ArmsMoved {
      shares = List.copyOf(shares);
    }
  }

  /** An arm failed or did harm; the first arm has its share now. */
  record ArmOut(String version, RolloutState.Because because, String words, Instant at)
      implements BanditEvent {}

  /** What happens to a bandit outside of rollouts. */
  sealed interface BanditEvent extends RolloutEvent {}

  /** What happens to the rollout of that id while it is under way. */
  sealed interface Progress extends RolloutEvent {
    String rollout();
  }

  default String type() {
    return switch (this) {
      case Configured _ -> "configured";
      case SplitSet _ -> "split-set";
      case Started _ -> "rollout-started";
      case Stepped _ -> "rollout-stepped";
      case ApprovalAwaited _ -> "rollout-approval-awaited";
      case Approved _ -> "rollout-approved";
      case Paused _ -> "rollout-paused";
      case Resumed _ -> "rollout-resumed";
      case Promoted _ -> "rollout-promoted";
      case RolledBack _ -> "rollout-rolled-back";
      case ArmsMoved _ -> "bandit-moved";
      case ArmOut _ -> "bandit-arm-out";
    };
  }

  /** Whether this takes traffic from a candidate for safety: applied first, then journalled. */
  default boolean safety() {
    return switch (this) {
      case RolledBack back ->
          switch (back.because()) {
            case FAILED, HARMFUL, ABORTED -> true;
            case INCONCLUSIVE -> false;
          };
      case ArmOut _ -> true;
      case ArmsMoved _,
          Configured _,
          SplitSet _,
          Started _,
          Stepped _,
          ApprovalAwaited _,
          Approved _,
          Paused _,
          Resumed _,
          Promoted _ ->
          false;
    };
  }
}
