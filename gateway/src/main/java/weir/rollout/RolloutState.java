package weir.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Where a rollout stands. */
public sealed interface RolloutState {
  /** The first step waits; the candidate gets copies and answers no one. */
  record Shadowing(Instant since) implements RolloutState {}

  /** The candidate has the share of the step of this index, from 0. */
  record Stepping(int step, Instant since) implements RolloutState {}

  /** A person is asked whether step {@code next} may begin; the share is that of the one before. */
  record AwaitingApproval(int next, Instant since) implements RolloutState {}

  /** A person stopped the growth; the share stays, and so does safety. */
  record Paused(RolloutState was, Instant since) implements RolloutState {
    public Paused {
      if (was.over() || was instanceof Paused) {
        throw new IllegalArgumentException("only a rollout that moves is paused, not " + was);
      }
    }
  }

  /** The candidate is the stable version now. */
  record Promoted(Instant at) implements RolloutState {}

  /** The candidate gets nothing any more. */
  record RolledBack(Because because, String words, Instant at) implements RolloutState {}

  /** Why a candidate was taken back. */
  enum Because {
    FAILED,
    HARMFUL,
    INCONCLUSIVE,
    ABORTED;

    /** Whether the candidate did harm, so that somebody has to be told at once. */
    public boolean alerts() {
      return switch (this) {
        case FAILED, HARMFUL -> true;
        case INCONCLUSIVE, ABORTED -> false;
      };
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  default boolean over() {
    return switch (this) {
      case Promoted _, RolledBack _ -> true;
      case Shadowing _, Stepping _, AwaitingApproval _, Paused _ -> false;
    };
  }

  /** Whether the candidate gets copies: a paused shadow goes on being one. */
  default boolean shadowing() {
    return switch (this) {
      case Shadowing _ -> true;
      case Paused paused -> paused.was().shadowing();
      case Stepping _, AwaitingApproval _, Promoted _, RolledBack _ -> false;
    };
  }

  /** When this, or what was paused, began. */
  default Instant began() {
    return switch (this) {
      case Shadowing at -> at.since();
      case Stepping at -> at.since();
      case AwaitingApproval at -> at.since();
      case Paused paused -> paused.was().began();
      case Promoted at -> at.at();
      case RolledBack at -> at.at();
    };
  }

  /** The candidate's share of the policy's traffic, in percent. */
  default double percent(RolloutSettings settings) {
    return switch (this) {
      case Shadowing _, RolledBack _ -> 0;
      case Stepping stepping -> settings.steps().get(stepping.step());
      case AwaitingApproval waiting ->
          waiting.next() == 0 ? 0 : settings.steps().get(waiting.next() - 1);
      case Paused paused -> paused.was().percent(settings);
      case Promoted _ -> RolloutSettings.PROMOTION;
    };
  }

  /** The index of the step whose share the candidate has; −1 before the first. */
  default int step(RolloutSettings settings) {
    return switch (this) {
      case Shadowing _ -> -1;
      case Stepping stepping -> stepping.step();
      case AwaitingApproval waiting -> waiting.next() - 1;
      case Paused paused -> paused.was().step(settings);
      case Promoted _, RolledBack _ -> settings.last();
    };
  }

  /** What a paused rollout goes on with: the time of the pause is no time of its step. */
  static RolloutState resumed(Paused paused, Instant at) {
    Duration pause = Duration.between(paused.since(), at);
    return switch (paused.was()) {
      case Shadowing was -> new Shadowing(was.since().plus(pause));
      case Stepping was -> new Stepping(was.step(), was.since().plus(pause));
      case AwaitingApproval was -> new AwaitingApproval(was.next(), was.since().plus(pause));
      case Paused _, Promoted _, RolledBack _ -> paused.was();
    };
  }
}
