package weir.rollout;

import static weir.rollout.RolloutWords.checks;
import static weir.rollout.RolloutWords.each;
import static weir.rollout.RolloutWords.percent;
import static weir.rollout.RolloutWords.place;
import static weir.rollout.RolloutWords.step;
import static weir.rollout.RolloutWords.time;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import weir.experiment.CheckResult;
import weir.experiment.Look;
import weir.experiment.ShadowLook;
import weir.experiment.Verdict;
import weir.rollout.Decision.Move;
import weir.rollout.Decision.Stay;
import weir.rollout.Decision.Would;
import weir.rollout.RolloutState.AwaitingApproval;
import weir.rollout.RolloutState.Because;
import weir.rollout.RolloutState.Paused;
import weir.rollout.RolloutState.Promoted;
import weir.rollout.RolloutState.RolledBack;
import weir.rollout.RolloutState.Shadowing;
import weir.rollout.RolloutState.Stepping;

/**
 * The gate: what follows for a rollout from one look, in the order of {@code STATISTICS.md} 3.
 *
 * <p>Guard and harm roll back in every state that is not over, a paused one too. An invalid
 * comparison, drift (where it holds), a missing verdict and a step younger than its minimum hold; a
 * look without any gating check is no pass. A step that holds beyond its maximum ends with the
 * stable version. A pause and the wait for an approval have no maximum: a person answers.
 */
public final class Rollout {
  private Rollout() {}

  public static Decision next(RolloutTerms terms, RolloutState state, Look look, Instant now) {
    return next(terms, state, look, List.of(), now);
  }

  /** With what drifts on the candidate, in words; empty when nothing does. */
  public static Decision next(
      RolloutTerms terms, RolloutState state, Look look, List<String> drifted, Instant now) {
    Decision decision = decide(terms, state, look, drifted, now);
    return terms.settings().dryRun() && decision instanceof Move move
        ? new Would(move.to(), "dry run, not done: " + move.because())
        : decision;
  }

  private static Decision decide(
      RolloutTerms terms, RolloutState state, Look look, List<String> drifted, Instant now) {
    RolloutSettings settings = terms.settings();
    String place = place(settings, state);
    if (!state.over()) {
      Optional<Move> safety = safety(place, look, now);
      if (safety.isPresent()) {
        return safety.get();
      }
    }
    return switch (state) {
      case Shadowing shadowing -> shadowing(settings, shadowing, look, drifted, now);
      case Stepping stepping -> stepping(settings, stepping, look, drifted, now);
      case AwaitingApproval waiting ->
          new Stay(
              "%s waits for an approval to go on to %s; %s"
                  .formatted(place, percent(settings.steps().get(waiting.next())), checks(look)));
      case Paused _ -> new Stay("%s is paused; %s".formatted(place, checks(look)));
      case Promoted _ -> new Stay("version %s is promoted".formatted(terms.candidate()));
      case RolledBack back -> new Stay(back.words());
    };
  }

  private static Optional<Move> safety(String place, Look look, Instant now) {
    if (look.guard().isPresent()) {
      return Optional.of(rolledBack(Because.FAILED, place, look.guard().get(), now));
    }
    Optional<String> failing = look.shadow().flatMap(ShadowLook::failing);
    if (failing.isPresent()) {
      return Optional.of(rolledBack(Because.FAILED, place, failing.get(), now));
    }
    List<CheckResult> harmful = gating(look, Verdict.Harmful.class);
    return harmful.isEmpty()
        ? Optional.empty()
        : Optional.of(rolledBack(Because.HARMFUL, place, each(harmful), now));
  }

  /** The time, enough copies, and no doubt that the candidate answers: differing is no harm. */
  private static Decision shadowing(
      RolloutSettings settings, Shadowing state, Look look, List<String> drifted, Instant now) {
    Duration spent = Duration.between(state.since(), now);
    ShadowLook copies = look.shadow().orElse(ShadowLook.NONE);
    if (spent.compareTo(settings.shadow()) < 0 && distrust(settings, look, drifted).isEmpty()) {
      return new Stay(
          "shadowing, %s of %s are over; %s"
              .formatted(time(spent), time(settings.shadow()), copies.words()));
    }
    Optional<String> distrust =
        distrust(settings, look, drifted)
            .or(() -> copies.missing().map(missing -> "missing: " + missing));
    if (distrust.isPresent()) {
      Duration most = settings.shadow().plus(settings.stepMax());
      return spent.compareTo(most) < 0
          ? new Stay("shadowing holds; " + distrust.get())
          : inconclusive("shadowing", most, distrust.get(), now);
    }
    return onward(
        settings, 0, now, "shadowing is over after %s; %s".formatted(time(spent), copies.words()));
  }

  private static Decision stepping(
      RolloutSettings settings, Stepping state, Look look, List<String> drifted, Instant now) {
    String place = step(settings, state.step());
    Duration spent = Duration.between(state.since(), now);
    Optional<String> distrust = distrust(settings, look, drifted);
    boolean passes = distrust.isEmpty() && passes(look);
    if (passes && spent.compareTo(settings.stepMin()) >= 0) {
      return onward(settings, state.step() + 1, now, "%s; %s".formatted(place, checks(look)));
    }
    String holds =
        passes
            ? "%s of at least %s are over; %s"
                .formatted(time(spent), time(settings.stepMin()), checks(look))
            : distrust.orElseGet(() -> checks(look));
    if (spent.compareTo(settings.stepMax()) >= 0) {
      return inconclusive(place, settings.stepMax(), holds, now);
    }
    return new Stay("%s holds; %s".formatted(place, holds));
  }

  private static Move inconclusive(String place, Duration within, String holds, Instant now) {
    return rolledBack(
        Because.INCONCLUSIVE,
        place,
        "no verdict within %s; %s".formatted(time(within), holds),
        now);
  }

  /** Why the comparison itself is not to be trusted, when it is not. */
  private static Optional<String> distrust(
      RolloutSettings settings, Look look, List<String> drifted) {
    if (!gating(look, Verdict.Invalid.class).isEmpty()) {
      return Optional.of(checks(look));
    }
    return switch (settings.onDrift()) {
      case HOLD ->
          drifted.isEmpty()
              ? Optional.empty()
              : Optional.of("drift: %s; %s".formatted(String.join(", ", drifted), checks(look)));
      case IGNORE -> Optional.empty();
    };
  }

  private static boolean passes(Look look) {
    List<CheckResult> gating = gating(look, Verdict.class);
    return !gating.isEmpty() && gating.size() == gating(look, Verdict.Passes.class).size();
  }

  /** The results of gating checks whose verdict is one of {@code kind}. */
  static List<CheckResult> gating(Look look, Class<? extends Verdict> kind) {
    return look.checks().stream()
        .filter(result -> result.gates() && kind.isInstance(result.verdict()))
        .toList();
  }

  private static Move onward(RolloutSettings settings, int next, Instant now, String because) {
    String to = percent(settings.steps().get(next));
    if (settings.manual(next)) {
      return new Move(
          new AwaitingApproval(next, now),
          "%s; an approval is needed to go on to %s".formatted(because, to));
    }
    RolloutState entered = entered(settings, next, now);
    return new Move(
        entered,
        "%s; %s"
            .formatted(because, entered.over() ? "the candidate is promoted" : "goes on to " + to));
  }

  /** The state in which step {@code step} begins. */
  static RolloutState entered(RolloutSettings settings, int step, Instant now) {
    return step == settings.last() ? new Promoted(now) : new Stepping(step, now);
  }

  private static Move rolledBack(Because because, String place, String reason, Instant now) {
    String words = "rolled back (%s) at %s: %s".formatted(because.label(), place, reason);
    return new Move(new RolledBack(because, words, now), words);
  }
}
