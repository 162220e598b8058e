package weir.rollout;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import weir.journal.JournalUnavailableException;
import weir.observation.RolloutMeters;

/**
 * Opens, feeds, keeps and forgets the experiments of the board's rollouts; in the exchange's turn.
 */
final class Measuring {
  private static final Logger LOG = System.getLogger(Measuring.class.getName());

  private final RolloutControl.Around around;
  private final ModelBoard board;
  private final Leadership leadership;
  private final Runnable look;

  /** {@code look} asks for a tick. */
  Measuring(RolloutControl.Around around, ModelBoard board, Leadership leadership, Runnable look) {
    this.around = around;
    this.board = board;
    this.leadership = leadership;
    this.look = look;
  }

  /** Measures what begins, publishes, and forgets what is over. */
  void settle() {
    try {
      board.locked(board::unmeasured).forEach(this::measure);
      board.locked(board::unguided).forEach(this::guide);
    } finally {
      board.change(board::publish);
    }
    board.ended().forEach(Measuring::forgotten);
  }

  private void measure(ModelControl control) {
    Optional<Begun> begun = board.locked(() -> begun(control));
    begun.ifPresent(now -> {
      ExperimentRun opened =
          ExperimentRun.open(
              around.journal(),
              around.replica(),
              now.plan(),
              now.terms(),
              control.model(),
              now.at(),
              now.stages(),
              around.nanoTime(),
              look);
      board.change(() -> board.measure(control, opened, now.stages().size()));
    });
  }

  /** A rollout that is to be measured. */
  private record Begun(
      ModelPlan plan, RolloutTerms terms, Instant at, List<ExperimentRun.Stage> stages) {}

  private static Optional<Begun> begun(ModelControl control) {
    return control
        .history()
        .underWay()
        .map(run ->
            new Begun(
                control.configured(),
                run.terms(),
                control
                    .trail()
                    .last()
                    .getOrDefault(RolloutMeters.Event.STARTED, run.state().began()),
                control.stages()));
  }

  private void guide(ModelControl control) {
    Optional<BanditRun.Begun> begun = board.locked(control::banditBegun);
    begun.ifPresent(now -> {
      BanditRun opened =
          BanditRun.open(around.journal(), around.replica(), now, around.nanoTime(), look);
      board.change(() -> board.guide(control, opened, now.stages().size()));
    });
  }

  private static void forgotten(Runnable forget) {
    try {
      forget.run();
    } catch (JournalUnavailableException e) {
      LOG.log(Level.WARNING, "evidence of an ended rollout stays: {0}", e.getMessage());
    }
  }

  /** Exchanges the evidence of every experiment. */
  void exchange() {
    Instant now = around.clock().instant();
    for (ExperimentRun run : board.locked(this::running)) {
      run.exchange(now, leadership.leading());
    }
    for (BanditRun run : board.locked(this::guided)) {
      run.exchange(now, leadership.leading());
    }
  }

  private List<ExperimentRun> running() {
    return board.models().stream()
        .flatMap(control -> Optional.ofNullable(control.running).stream())
        .toList();
  }

  private List<BanditRun> guided() {
    return board.models().stream().flatMap(control -> control.guide().run().stream()).toList();
  }
}
