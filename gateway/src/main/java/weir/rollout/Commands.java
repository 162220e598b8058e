package weir.rollout;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import weir.journal.Append;
import weir.journal.JournalUnavailableException;
import weir.rollout.ModelControl.Waiting;
import weir.rollout.RolloutCommand.Answer;
import weir.rollout.RolloutControl.Asked;

/**
 * What people ask, through any replica.
 *
 * <p>What is for safety is in effect before the journal is waited for. All else is answered from
 * the newest history and recorded only if nobody was first: the loser is told who won.
 */
final class Commands {
  private final RolloutControl.Around around;
  private final ModelBoard board;
  private final JournalExchange exchange;

  Commands(RolloutControl.Around around, ModelBoard board, JournalExchange exchange) {
    this.around = around;
    this.board = board;
    this.exchange = exchange;
  }

  /** What is answered from where a model stands. */
  @FunctionalInterface
  interface Question {
    Answer answer(ModelControl control, Instant now);
  }

  CommandResult start(
      String model,
      String candidate,
      Function<RolloutSettings, Optional<RolloutSettings>> settings,
      Asked asked) {
    return ask(model, (control, now) -> start(control, candidate, settings, now), asked);
  }

  private static Answer start(
      ModelControl control,
      String candidate,
      Function<RolloutSettings, Optional<RolloutSettings>> settings,
      Instant now) {
    String stable = control.history().policy().largest();
    if (stable.equals(candidate)) {
      return new Answer.Refused(
          "version %s has the largest share already: it is the stable version, not a candidate"
              .formatted(candidate));
    }
    String rollout = "v%s-r%d".formatted(candidate, control.revision() + 1);
    RolloutSettings configured = control.configured().rollout();
    RolloutTerms terms =
        new RolloutTerms(
            rollout,
            stable,
            candidate,
            control.model() + "/" + rollout,
            settings.apply(configured).orElse(configured));
    return CommandDesk.answer(control.history(), new RolloutCommand.Start(terms), now);
  }

  CommandResult command(String model, RolloutCommand command, Asked asked) {
    return ask(model, (control, now) -> CommandDesk.answer(control.history(), command, now), asked);
  }

  private CommandResult ask(String model, Question question, Asked asked) {
    Optional<ModelControl> found = board.locked(() -> board.find(model));
    if (found.isEmpty()) {
      return new CommandResult.UnknownModel("no model '%s' is served here".formatted(model));
    }
    ModelControl control = found.get();
    Optional<String> protectedBy = board.locked(() -> protect(control, question, asked));
    try {
      return protectedBy.isPresent()
          ? recorded(control, protectedBy.get())
          : exchange.alone(() -> anew(control, question, asked));
    } catch (JournalUnavailableException e) {
      return new CommandResult.Unavailable(
          (protectedBy.isPresent() ? "in effect, but not recorded yet: " : "nothing was changed: ")
              + e.getMessage());
    }
  }

  /** Puts into effect what is for safety, as far as that is known without the journal. */
  private Optional<String> protect(ModelControl control, Question question, Asked asked) {
    boolean current =
        asked.revision().isEmpty() || asked.revision().getAsLong() == control.revision();
    if (!current
        || !(question.answer(control, around.clock().instant()) instanceof Answer.Accepted answer)
        || answer.events().isEmpty()
        || !answer.events().stream().allMatch(RolloutEvent::safety)) {
      return Optional.empty();
    }
    for (RolloutEvent event : answer.events()) {
      control.protect(waiting(event, asked, answer));
    }
    control.words = answer.words();
    board.publish();
    return Optional.of(answer.words());
  }

  private static Waiting waiting(RolloutEvent event, Asked asked, Answer.Accepted answer) {
    return new Waiting(event, asked.actor(), asked.why(), answer.words());
  }

  private CommandResult recorded(ModelControl control, String words) {
    return exchange.alone(() -> {
      exchange.record(control);
      return new CommandResult.Done(words, board.locked(control::revision));
    });
  }

  private CommandResult anew(ModelControl control, Question question, Asked asked) {
    exchange.record(control);
    long before = board.locked(control::revision);
    exchange.hear(control);
    exchange.settle();
    Instant now = around.clock().instant();
    long revision = board.locked(control::revision);
    if (asked.revision().isPresent() && asked.revision().getAsLong() != revision) {
      return stale(control, asked.revision().getAsLong());
    }
    return switch (board.locked(() -> question.answer(control, now))) {
      case Answer.Refused refused ->
          new CommandResult.Refused(
              revision == before
                  ? refused.words()
                  : "%s; %s was first".formatted(refused.words(), board.locked(control::newest)));
      case Answer.Accepted accepted -> carriedOut(control, accepted, asked, revision);
    };
  }

  private CommandResult stale(ModelControl control, long seen) {
    long revision = board.locked(control::revision);
    return new CommandResult.Stale(
        "model %s is at revision %d, not %d; look again".formatted(control.model(), revision, seen),
        revision);
  }

  private CommandResult carriedOut(
      ModelControl control, Answer.Accepted accepted, Asked asked, long revision) {
    long expected = revision;
    for (RolloutEvent event : accepted.events()) {
      Waiting mine = waiting(event, asked, accepted);
      if (event.safety()) {
        board.change(() -> {
          control.protect(mine);
          board.publish();
        });
        exchange.record(control);
      } else {
        Append done = exchange.append(control, mine, expected, Optional.empty());
        exchange.settle();
        if (!(done instanceof Append.Appended)) {
          return asked.revision().isPresent()
              ? stale(control, asked.revision().getAsLong())
              : new CommandResult.Refused(
                  "%s was first; look again".formatted(board.locked(control::newest)));
        }
      }
      expected = board.locked(control::revision);
    }
    return new CommandResult.Done(accepted.words(), expected);
  }
}
