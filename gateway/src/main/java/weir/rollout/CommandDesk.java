package weir.rollout;

import static weir.rollout.RolloutWords.checks;
import static weir.rollout.RolloutWords.percent;
import static weir.rollout.RolloutWords.place;
import static weir.rollout.RolloutWords.step;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import weir.experiment.Look;
import weir.experiment.Verdict;
import weir.rollout.ModelHistory.Run;
import weir.rollout.RolloutCommand.Answer;
import weir.rollout.RolloutCommand.Answer.Accepted;
import weir.rollout.RolloutCommand.Answer.Refused;
import weir.routing.RoutingPolicy;

/**
 * Answers commands from a model's history alone; pure.
 *
 * <p>That the named versions can serve and take equal inputs is asked before, where files are
 * known.
 */
public final class CommandDesk {
  private static final String NONE = "no rollout is under way";

  private CommandDesk() {}

  public static Answer answer(ModelHistory history, RolloutCommand command, Instant now) {
    return switch (command) {
      case RolloutCommand.Configure asked -> configure(history, asked.policy());
      case RolloutCommand.SetSplit asked -> setSplit(history, asked.policy());
      case RolloutCommand.Start asked -> start(history, asked.terms(), now);
      case RolloutCommand.Pause _ -> underWay(history, run -> pause(run, now));
      case RolloutCommand.Resume _ -> underWay(history, run -> resume(run, now));
      case RolloutCommand.Advance asked ->
          underWay(history, run -> advance(run, asked.look(), now));
      case RolloutCommand.Abort _ -> underWay(history, run -> abort(run, now));
    };
  }

  private static Answer underWay(ModelHistory history, Function<Run, Answer> answer) {
    return history.underWay().map(answer).orElseGet(() -> new Refused(ended(history)));
  }

  private static String ended(ModelHistory history) {
    return history
        .last()
        .map(run ->
            "%s; the last one, of version %s, is %s"
                .formatted(
                    NONE, run.terms().candidate(), place(run.terms().settings(), run.state())))
        .orElse(NONE);
  }

  private static String busy(Run run) {
    return "a rollout of version %s is under way at %s"
        .formatted(run.terms().candidate(), percent(run.percent()));
  }

  private static Answer configure(ModelHistory history, RoutingPolicy policy) {
    if (policy.equals(history.configured())) {
      return new Accepted(List.of(), "the configured policy is the same as before");
    }
    return accepted(
        new RolloutEvent.Configured(policy),
        history
            .underWay()
            .map(run ->
                busy(run)
                    + (policy.equals(history.applied())
                        ? "; the configured policy is again the one from before it"
                        : "; the configured policy takes effect when it ends"))
            .orElse("the configured policy takes effect"));
  }

  private static Answer setSplit(ModelHistory history, RoutingPolicy policy) {
    Optional<Run> run = history.underWay();
    if (run.isPresent()) {
      return new Refused(
          busy(run.get()) + "; pause does not free the split: abort it first, or let it end");
    }
    return accepted(
        new RolloutEvent.SplitSet(policy), "holds until the configuration's policy changes");
  }

  private static Answer start(ModelHistory history, RolloutTerms terms, Instant now) {
    Optional<Run> run = history.underWay();
    if (run.isPresent()) {
      return new Refused(busy(run.get()) + "; abort it first, or let it end");
    }
    if (history.policy().probability(terms.stable()) == 0) {
      return new Refused(
          "version %s gets no traffic now: it cannot be the stable version of a rollout"
              .formatted(terms.stable()));
    }
    RolloutSettings settings = terms.settings();
    String first = percent(settings.steps().getFirst());
    return accepted(
        new RolloutEvent.Started(terms, now),
        "rollout %s of version %s against version %s starts %s; no other version gets a share"
                .formatted(
                    terms.rollout(),
                    terms.candidate(),
                    terms.stable(),
                    settings.shadow().isZero() ? "at " + first : "with shadowing, then " + first)
            + (history.barred().contains(terms.candidate())
                ? "; it was rolled back for harm before"
                : ""));
  }

  private static Answer pause(Run run, Instant now) {
    return run.state() instanceof RolloutState.Paused
        ? new Accepted(List.of(), "is paused already")
        : accepted(
            new RolloutEvent.Paused(run.terms().rollout(), now),
            "paused at %s; harm still rolls it back".formatted(percent(run.percent())));
  }

  private static Answer resume(Run run, Instant now) {
    return run.state() instanceof RolloutState.Paused
        ? accepted(
            new RolloutEvent.Resumed(run.terms().rollout(), now),
            "goes on at %s".formatted(percent(run.percent())))
        : new Refused("the rollout is not paused");
  }

  private static Answer advance(Run run, Look look, Instant now) {
    if (look.guard().isPresent() || !Rollout.gating(look, Verdict.Harmful.class).isEmpty()) {
      return new Refused(
          "not advanced, the candidate does harm: " + look.guard().orElseGet(() -> checks(look)));
    }
    return switch (run.state()) {
      case RolloutState.Shadowing _ -> approved(run, 0, look, now);
      case RolloutState.Stepping at -> approved(run, at.step() + 1, look, now);
      case RolloutState.AwaitingApproval at -> approved(run, at.next(), look, now);
      case RolloutState.Paused _ -> new Refused("the rollout is paused: resume it first");
      case RolloutState.Promoted _, RolloutState.RolledBack _ -> new Refused(NONE);
    };
  }

  private static Answer approved(Run run, int next, Look look, Instant now) {
    String words = "by hand to %s; %s".formatted(step(run.terms().settings(), next), checks(look));
    return accepted(new RolloutEvent.Approved(run.terms().rollout(), next, now, words), words);
  }

  private static Answer abort(Run run, Instant now) {
    String words =
        "rolled back (aborted) at %s: by hand"
            .formatted(place(run.terms().settings(), run.state()));
    return accepted(
        new RolloutEvent.RolledBack(
            run.terms().rollout(), RolloutState.Because.ABORTED, words, now),
        words);
  }

  private static Answer accepted(RolloutEvent event, String words) {
    return new Accepted(List.of(event), words);
  }
}
