package weir.rollout;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import weir.journal.JournalUnavailableException;

/**
 * Opens, feeds, keeps and forgets the experiments of the board's rollouts; in the exchange's turn.
 */
final class Measuring {
  private static final Logger LOG = System.getLogger(Measuring.class.getName());

  private final RolloutControl.Around around;
  private final ModelBoard board;
  private final Runnable look;

  /** {@code look} asks for a tick. */
  Measuring(RolloutControl.Around around, ModelBoard board, Runnable look) {
    this.around = around;
    this.board = board;
    this.look = look;
  }

  /** Measures what begins, publishes, and forgets what is over. */
  void settle() {
    try {
      board.locked(board::unmeasured).forEach(this::measure);
    } finally {
      board.change(board::publish);
    }
    board.ended().forEach(Measuring::forget);
  }

  private void measure(ModelControl control) {
    Optional<ModelHistory.Run> run = board.locked(() -> control.history().underWay());
    run.ifPresent(now -> {
      ExperimentRun opened = opened(control, now.terms());
      board.change(() -> board.measure(control, opened));
    });
  }

  private ExperimentRun opened(ModelControl control, RolloutTerms terms) {
    try {
      return open(control, terms);
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "rollout {0} of {1} begins without its earlier evidence: {2}",
          terms.rollout(),
          control.model(),
          e.getMessage());
      around.journal().forget(ExperimentRun.key(control.model(), terms.rollout()));
      return open(control, terms);
    }
  }

  private ExperimentRun open(ModelControl control, RolloutTerms terms) {
    return ExperimentRun.open(
        around.journal(),
        control.model(),
        board.locked(control::configured),
        terms,
        around.clock().instant(),
        around.nanoTime(),
        look);
  }

  private static void forget(ExperimentRun run) {
    try {
      run.forget();
    } catch (JournalUnavailableException e) {
      LOG.log(Level.WARNING, "evidence of an ended rollout stays: {0}", e.getMessage());
    }
  }

  /** Keeps the evidence of every experiment, and gives it the feedback that matured. */
  void exchange() {
    Instant now = around.clock().instant();
    for (ExperimentRun run : board.locked(this::running)) {
      run.feed(now);
      run.checkpoint();
    }
  }

  private List<ExperimentRun> running() {
    return board.models().stream()
        .flatMap(control -> Optional.ofNullable(control.running).stream())
        .toList();
  }
}
