package weir.rollout;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import weir.experiment.Checkpoint;
import weir.experiment.Experiment;
import weir.experiment.FeedbackOutcome;
import weir.journal.FeedbackRow;
import weir.journal.Journal;
import weir.journal.UnitMark;
import weir.routing.Stickiness;

/**
 * The experiment of a rollout under way: restored from its checkpoint, fed with feedback whose
 * predictions are older than the label window, and checkpointed. The control's lock guards it.
 */
final class ExperimentRun {
  /** A row is written at the latest this long after its feedback was found to be in time. */
  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(1);

  private final Journal journal;
  private final String model;
  private final String rollout;
  private final Experiment experiment;
  private final Duration labelWindow;
  private Instant fedUntil;

  private ExperimentRun(
      Journal journal, String model, Experiment experiment, Duration labelWindow, Instant fed) {
    this.journal = journal;
    this.model = model;
    this.rollout = experiment.terms().rollout();
    this.experiment = experiment;
    this.labelWindow = labelWindow;
    this.fedUntil = fed;
  }

  /** With the evidence of the last checkpoint, or none. */
  static ExperimentRun open(
      Journal journal,
      String model,
      ModelPlan plan,
      RolloutTerms terms,
      Instant now,
      LongSupplier nanoTime,
      Runnable onGuard) {
    Duration window = plan.experiment().labelWindow();
    Experiment.Terms of =
        new Experiment.Terms(
            terms.rollout(),
            model,
            terms.stable(),
            terms.candidate(),
            !(plan.route().stickiness() instanceof Stickiness.None),
            terms.settings().last(),
            plan.experiment());
    Optional<byte[]> kept = journal.checkpoint(key(model, terms.rollout()));
    if (kept.isEmpty()) {
      return new ExperimentRun(
          journal,
          model,
          new Experiment(of, nanoTime, onGuard),
          window,
          now.minus(window).minus(WRITTEN_WITHIN));
    }
    byte[] state = kept.get();
    List<weir.experiment.UnitMark> units =
        journal.units(key(model, terms.rollout())).stream()
            .map(unit -> new weir.experiment.UnitMark(unit.unitHash(), unit.mark()))
            .toList();
    Experiment restored =
        Experiment.restore(
            of, Arrays.copyOfRange(state, Long.BYTES, state.length), units, nanoTime, onGuard);
    return new ExperimentRun(
        journal,
        model,
        restored,
        window,
        Instant.EPOCH.plus(ByteBuffer.wrap(state).getLong(), ChronoUnit.MICROS));
  }

  static String key(String model, String rollout) {
    return "experiment/" + model + "/" + rollout;
  }

  String rollout() {
    return rollout;
  }

  Experiment experiment() {
    return experiment;
  }

  /** Tells the experiment of the predictions that matured since the last time. */
  void feed(Instant now) {
    Instant until = now.minus(labelWindow).minus(WRITTEN_WITHIN);
    if (!until.isAfter(fedUntil)) {
      return;
    }
    for (FeedbackRow row : journal.feedback(model, fedUntil, until)) {
      experiment.feedback(
          new FeedbackOutcome(
              row.kind(),
              row.version(),
              row.generation(),
              row.probability(),
              row.unitHash(),
              row.score(),
              row.scoreLabel(),
              row.value(),
              row.valueLabel()));
    }
    fedUntil = until.truncatedTo(ChronoUnit.MICROS);
  }

  void checkpoint() {
    Checkpoint checkpoint = experiment.checkpoint();
    byte[] evidence = checkpoint.state();
    byte[] state =
        ByteBuffer.allocate(Long.BYTES + evidence.length)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, fedUntil))
            .put(evidence)
            .array();
    journal.checkpoint(
        key(model, rollout),
        state,
        checkpoint.units().stream()
            .map(unit -> new UnitMark(unit.unitHash(), unit.mark()))
            .toList());
    experiment.written();
  }

  void forget() {
    journal.forget(key(model, rollout));
  }
}
