package weir.rollout;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import weir.experiment.Look;
import weir.experiment.ShadowComparisons;
import weir.experiment.ShadowReport;
import weir.journal.Journal;
import weir.journal.JournalUnavailableException;
import weir.observation.ComparisonObserver;
import weir.observation.Observation;
import weir.observation.RolloutMeters;
import weir.routing.Assignment;
import weir.routing.LivePlan;
import weir.routing.ModelRoute;
import weir.routing.RoutePlan;

/**
 * The control plane: folds configuration and journal into the live plan, looks at the evidence of
 * each rollout, and moves it.
 *
 * <p>Growth is recorded before it is applied, safety after; a rollout whose rollback is not
 * recorded yet grows no further. Questions, the request path and {@link #tick} never wait for the
 * journal. Any thread.
 */
public final class RolloutControl implements ComparisonObserver {
  /** What the control acts on and asks. */
  public record Around(
      LivePlan plan,
      Journal journal,
      Consumer<RoutePlan> shown,
      Consumer<Change> listener,
      Drifted drifted,
      ShadowComparisons shadows,
      RolloutMeters meters,
      String replica,
      Clock clock,
      LongSupplier nanoTime) {}

  /** What drifts on a version, in words; empty when nothing does. */
  @FunctionalInterface
  public interface Drifted {
    List<String> of(String model, String version);
  }

  /** Asks for a {@link #tick}, or for an {@link #exchange}, at once; returns at once. */
  public record Wake(Runnable tick, Runnable exchange) {}

  private final Around around;
  private final Wake wake;
  private final ModelBoard board;
  private final Leadership leadership;
  private final JournalExchange exchange;
  private final ConfiguredModels configured;
  private final Commands commands;
  private final RolloutTick tick;

  private RolloutControl(Around around, Wake wake) {
    this.around = around;
    this.wake = wake;
    board = new ModelBoard(around);
    leadership = new Leadership(around.journal(), around.replica(), around.nanoTime());
    exchange =
        new JournalExchange(
            around, board, leadership, new Measuring(around, board, leadership, wake.tick()));
    around.meters().standing(leadership::leading, exchange::age);
    configured = new ConfiguredModels(board, exchange);
    commands = new Commands(around, board, exchange);
    tick = new RolloutTick(around, board, leadership, exchange);
  }

  /** A control of no model yet. */
  public static RolloutControl create(Around around, Wake wake) {
    return new RolloutControl(around, wake);
  }

  /**
   * The routes that {@link #configure} would put into effect; nothing changes.
   *
   * @throws JournalUnavailableException when a model is new and its history cannot be read
   */
  public Map<String, ModelRoute> preview(Map<String, ModelPlan> plans) {
    return configured.preview(plans);
  }

  /**
   * From now on these are the models and their configuration.
   *
   * @throws JournalUnavailableException when a changed policy could not be recorded; no plan was
   *     published then
   */
  public void configure(Map<String, ModelPlan> plans) {
    configured.configure(plans);
  }

  /** Who asks, why, and the revision that they saw, when they care. */
  public record Asked(String actor, String why, OptionalLong revision) {}

  /**
   * Starts a rollout of {@code candidate} against the version with the largest share; {@code
   * settings} may answer others than the configured ones.
   */
  public CommandResult start(
      String model,
      String candidate,
      Function<RolloutSettings, Optional<RolloutSettings>> settings,
      Asked asked) {
    return commands.start(model, candidate, settings, asked);
  }

  public CommandResult command(String model, RolloutCommand command, Asked asked) {
    return commands.command(model, command, asked);
  }

  /** Looks at every rollout under way and moves it where the evidence says so. */
  public void tick() {
    if (tick.tick()) {
      wake.exchange().run();
    }
  }

  /**
   * Takes in what other replicas recorded, and records what this one has to; call it each second,
   * when woken, and when the journal tells of a change. Waits for the journal.
   */
  public void exchange() {
    exchange.pass();
  }

  /** The last exchange: nothing is kept back, and another replica may lead at once. */
  public void end() {
    exchange.pass();
    if (exchange.problem().isEmpty()) {
      leadership.resign();
    }
  }

  /**
   * Removes feedback that nothing asks for any more, when this replica leads: older than every
   * label window, every rollout under way, and every bandit's memory.
   */
  public void prune() {
    if (leadership.leading()) {
      around.journal().pruneFeedback(board.locked(this::neededSince));
    }
  }

  private Instant neededSince() {
    Instant now = around.clock().instant();
    Instant since = now;
    for (ModelControl control : board.models()) {
      Instant labels = now.minus(control.configured().experiment().labelWindow());
      Instant began =
          control
              .history()
              .underWay()
              .map(_ -> control.trail().last().getOrDefault(RolloutMeters.Event.STARTED, labels))
              .orElse(labels);
      Instant earned = control.guide().run().map(run -> run.feedbackFrom(now)).orElse(began);
      began = earned.isBefore(began) ? earned : began;
      Instant needed = (began.isBefore(labels) ? began : labels).minus(PRUNED_AFTER);
      since = needed.isBefore(since) ? needed : since;
    }
    return board.models().isEmpty() ? Instant.EPOCH : since;
  }

  /** Replicas' clocks differ a little. */
  private static final Duration PRUNED_AFTER = Duration.ofMinutes(10);

  // --- questions

  public List<ModelStatus> statuses() {
    return board.locked(() -> {
      List<ModelStatus> all = new ArrayList<>();
      board.models().forEach(control -> all.add(status(control)));
      return all;
    });
  }

  public Optional<ModelStatus> status(String model) {
    return board.locked(() -> board.find(model).map(this::status));
  }

  private ModelStatus status(ModelControl control) {
    ModelHistory history = control.history();
    return new ModelStatus(
        control.model(),
        control.revision(),
        history.policy(),
        history.because(),
        history.configurationWaits(),
        history.last(),
        control.words,
        Optional.ofNullable(control.look),
        control.experiment().map(experiment -> experiment.report(around.clock().instant())),
        control.waiting().size());
  }

  /** What each shadow's copies say; empty for a model not served. */
  public Optional<List<ShadowReport>> shadows(String model) {
    return board.locked(() -> board.find(model).map(_ -> around.shadows().reports(model)));
  }

  /** How long feedback of the model's predictions is taken; empty for a model not served. */
  public Optional<Duration> labelWindow(String model) {
    return board.locked(
        () -> board.find(model).map(control -> control.configured().experiment().labelWindow()));
  }

  /** The latest look at the rollout under way; an empty one when there is none. */
  public Look look(String model) {
    return board
        .locked(() -> board.find(model).flatMap(control -> Optional.ofNullable(control.look)))
        .orElseGet(() -> new Look(around.clock().instant(), Optional.empty(), List.of()));
  }

  /** How this replica stands among those that share its journal. */
  public Standing standing() {
    return new Standing(
        around.replica(),
        leadership.leader(),
        leadership.leading(),
        exchange.age(),
        exchange.problem());
  }

  // --- the request path

  @Override
  public double measuredShare(String model) {
    Compared found = board.compared(model);
    return found == null ? 0 : found.measuredShare();
  }

  @Override
  public long began(String model, Assignment assignment, Footing footing) {
    Compared found = board.compared(model);
    return found == null ? 0 : found.began(assignment, footing);
  }

  @Override
  public void ended(long token, Observation observation) {
    Compared found = board.compared(observation.variant().model());
    if (found != null) {
      found.ended(token, observation);
    }
  }
}
