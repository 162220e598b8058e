package weir.rollout;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.experiment.Experiment;
import weir.experiment.Look;
import weir.experiment.ShadowComparisons;
import weir.experiment.ShadowReport;
import weir.experiment.ShadowTolerance;
import weir.journal.Journal;
import weir.journal.JournalUnavailableException;
import weir.observation.ComparisonObserver;
import weir.observation.Observation;
import weir.observation.RolloutMeters;
import weir.rollout.RolloutCommand.Answer;
import weir.routing.Assignment;
import weir.routing.LivePlan;
import weir.routing.ModelRoute;
import weir.routing.RoutePlan;

/**
 * The control plane: folds configuration and journal into the live plan, looks at the evidence of
 * each rollout, and moves it.
 *
 * <p>The only caller of {@link LivePlan#publish}. Growth is recorded before it is applied, safety
 * after; a rollout whose rollback is not recorded yet grows no further. Any thread; one lock.
 *
 * <p>Over 300 lines because one lock guards what all of its parts change.
 */
public final class RolloutControl implements ComparisonObserver {
  private static final Logger LOG = System.getLogger(RolloutControl.class.getName());
  private static final String SELF = "weir";
  private static final int ATTEMPTS_MAX = 3;

  /** What the control acts on and asks. */
  public record Around(
      LivePlan plan,
      Journal journal,
      Consumer<RoutePlan> shown,
      Consumer<Change> listener,
      Drifted drifted,
      ShadowComparisons shadows,
      RolloutMeters meters,
      Clock clock,
      LongSupplier nanoTime) {}

  /** What drifts on a version, in words; empty when nothing does. */
  @FunctionalInterface
  public interface Drifted {
    List<String> of(String model, String version);
  }

  /** A rollout's experiment and the share of requests that it measures. */
  private record Compared(Experiment experiment, double measuredShare) {}

  private final Around around;
  private final Runnable wake;
  private final String replica = UUID.randomUUID().toString();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ModelControl> models = new TreeMap<>();
  private final RolloutGauges gauges;
  private volatile Map<String, Compared> compared = Map.of();

  private RolloutControl(Around around, Runnable wake) {
    this.around = around;
    this.wake = wake;
    this.gauges = new RolloutGauges(around.meters());
  }

  /** A control of no model yet; {@code wake} asks for a {@link #tick} at once. */
  public static RolloutControl create(Around around, Runnable wake) {
    return new RolloutControl(around, wake);
  }

  // --- configuration

  /** The routes that {@link #configure} would put into effect; nothing changes. */
  public Map<String, ModelRoute> preview(Map<String, ModelPlan> plans) {
    lock.lock();
    try {
      Map<String, ModelRoute> routes = new HashMap<>();
      plans.forEach((model, plan) -> {
        ModelControl control = controlOf(model, plan);
        ModelHistory history = control.history();
        for (RolloutEvent event : configuring(control, plan)) {
          history = control.known().isEmpty() ? history : history.after(event);
        }
        routes.put(model, history.route(plan.route()));
      });
      return routes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * From now on these are the models and their configuration.
   *
   * @throws JournalUnavailableException when a changed policy could not be recorded; no plan was
   *     published then
   */
  public void configure(Map<String, ModelPlan> plans) {
    lock.lock();
    try {
      Map<String, ModelControl> next = new TreeMap<>();
      plans.forEach((model, plan) -> {
        ModelControl control = controlOf(model, plan);
        record(control, plan);
        next.put(model, control);
      });
      plans.forEach((model, plan) -> {
        ModelControl control = next.get(model);
        if (control != null) {
          control.configured(plan);
        }
      });
      models.clear();
      models.putAll(next);
      gauges.retain(models.keySet());
      publish();
    } finally {
      lock.unlock();
    }
  }

  private ModelControl controlOf(String model, ModelPlan plan) {
    ModelControl known = models.get(model);
    if (known != null) {
      return known;
    }
    ModelControl control = new ModelControl(model, plan, around.journal());
    control.catchUp();
    return control;
  }

  private void record(ModelControl control, ModelPlan plan) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      boolean done = true;
      control.record();
      for (RolloutEvent event : configuring(control, plan)) {
        done &= control.grow(event, "configuration", "") == ModelControl.Applied.DONE;
      }
      if (done) {
        return;
      }
      control.catchUp();
    }
    throw new JournalUnavailableException(
        "model %s: others change it all the while; try again".formatted(control.model()));
  }

  /** The newest version stands in for a policy only until a person or a rollout gave one. */
  private static List<RolloutEvent> configuring(ModelControl control, ModelPlan plan) {
    Optional<ModelHistory> history = control.known();
    if (history.isEmpty()) {
      return List.of(new RolloutEvent.Configured(plan.route().policy()));
    }
    if (!plan.explicit() && !history.get().asConfigured()) {
      return List.of();
    }
    Answer answer =
        CommandDesk.answer(
            history.get(), new RolloutCommand.Configure(plan.route().policy()), Instant.EPOCH);
    return switch (answer) {
      case Answer.Accepted accepted -> accepted.events();
      case Answer.Refused _ -> List.of();
    };
  }

  // --- the plan

  private void publish() {
    Map<String, ModelRoute> routes = new HashMap<>();
    Map<String, ShadowTolerance> tolerances = new HashMap<>();
    models.forEach((model, control) -> {
      routes.put(model, control.route());
      tolerances.put(model, control.configured().experiment().shadow());
    });
    around.shadows().follow(routes, tolerances);
    RoutePlan before = around.plan().current();
    boolean newExperiment = openExperiments();
    if (routes.equals(before.models()) && !newExperiment) {
      return;
    }
    Instant now = around.clock().instant();
    long generation = Math.max(before.generation() + 1, now.toEpochMilli());
    for (ModelControl control : models.values()) {
      tellStep(control, generation);
    }
    RoutePlan next = new RoutePlan(generation, routes);
    around.plan().publish(next);
    around.shown().accept(next);
  }

  private static void tellStep(ModelControl control, long generation) {
    Optional<ModelHistory.Run> run = control.history().underWay();
    ExperimentRun running = control.running;
    if (run.isPresent() && running != null) {
      int step = Math.max(0, run.get().step());
      running
          .experiment()
          .step(
              step,
              generation,
              run.get().percent() / RolloutSettings.PROMOTION,
              run.get().state().began());
    }
  }

  /** Opens and ends experiments as the histories say; true when one was opened. */
  private boolean openExperiments() {
    boolean opened = false;
    Map<String, Compared> next = new HashMap<>();
    for (ModelControl control : models.values()) {
      Optional<ModelHistory.Run> run = control.history().underWay();
      ExperimentRun running = control.running;
      if (running != null
          && run.stream().noneMatch(now -> now.terms().rollout().equals(running.rollout()))) {
        control.running = null;
        control.look = null;
        forget(running);
      }
      if (run.isPresent() && control.running == null) {
        control.running = open(control, run.get());
        opened = true;
      }
      ExperimentRun now = control.running;
      if (now != null) {
        ModelPlan plan = control.configured();
        next.put(
            control.model(),
            new Compared(now.experiment(), plan.experiment().measured(plan.cached())));
      }
    }
    compared = Map.copyOf(next);
    return opened;
  }

  private ExperimentRun open(ModelControl control, ModelHistory.Run run) {
    return ExperimentRun.open(
        around.journal(),
        replica,
        control.configured(),
        run.terms(),
        control.model(),
        run.state().began(),
        List.of(),
        around.nanoTime(),
        wake);
  }

  private static void forget(ExperimentRun running) {
    try {
      running.forget();
    } catch (JournalUnavailableException e) {
      LOG.log(Level.WARNING, "evidence of an ended rollout stays: {0}", e.getMessage());
    }
  }

  // --- commands

  /**
   * Starts a rollout of {@code candidate} against the version with the largest share; {@code
   * settings} may answer others than the configured ones.
   */
  public CommandResult start(
      String model,
      String candidate,
      Function<RolloutSettings, Optional<RolloutSettings>> settings,
      Asked asked) {
    lock.lock();
    try {
      ModelControl control = models.get(model);
      if (control == null) {
        return unknown(model);
      }
      String stable = control.history().policy().largest();
      if (stable.equals(candidate)) {
        return new CommandResult.Refused(
            "version %s has the largest share already: it is the stable version, not a candidate"
                .formatted(candidate));
      }
      String rollout = "v%s-r%d".formatted(candidate, control.revision() + 1);
      RolloutTerms terms =
          new RolloutTerms(
              rollout,
              stable,
              candidate,
              model + "/" + rollout,
              settings
                  .apply(control.configured().rollout())
                  .orElse(control.configured().rollout()));
      return command(control, new RolloutCommand.Start(terms), asked);
    } finally {
      lock.unlock();
    }
  }

  /** Who asks, why, and the revision that they saw, when they care. */
  public record Asked(String actor, String why, OptionalLong revision) {}

  public CommandResult command(String model, RolloutCommand command, Asked asked) {
    lock.lock();
    try {
      ModelControl control = models.get(model);
      return control == null ? unknown(model) : command(control, command, asked);
    } finally {
      lock.unlock();
    }
  }

  private static CommandResult unknown(String model) {
    return new CommandResult.UnknownModel("no model '%s' is served here".formatted(model));
  }

  private CommandResult command(ModelControl control, RolloutCommand command, Asked asked) {
    if (asked.revision().isPresent() && asked.revision().getAsLong() != control.revision()) {
      return new CommandResult.Stale(
          "model %s is at revision %d, not %d; look again"
              .formatted(control.model(), control.revision(), asked.revision().getAsLong()),
          control.revision());
    }
    try {
      for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
        Instant now = around.clock().instant();
        switch (CommandDesk.answer(control.history(), command, now)) {
          case Answer.Refused refused -> {
            return new CommandResult.Refused(refused.words());
          }
          case Answer.Accepted accepted -> {
            if (carriedOut(control, accepted, asked, now)) {
              return new CommandResult.Done(accepted.words(), control.revision());
            }
          }
        }
        control.catchUp();
        publish();
      }
      return new CommandResult.Unavailable("others change the model all the while; try again");
    } catch (JournalUnavailableException e) {
      boolean applied = control.unrecorded() > 0;
      return new CommandResult.Unavailable(
          (applied ? "in effect, but not recorded yet: " : "nothing was changed: ")
              + e.getMessage());
    }
  }

  /** False when others were first and the command has to be answered anew. */
  private boolean carriedOut(
      ModelControl control, Answer.Accepted accepted, Asked asked, Instant now) {
    for (RolloutEvent event : accepted.events()) {
      if (event.safety()) {
        protect(control, event, asked.actor(), asked.why(), accepted.words(), now);
        record(control);
      } else {
        record(control);
        if (control.grow(event, asked.actor(), asked.why()) == ModelControl.Applied.CONFLICT) {
          return false;
        }
        publish();
        tell(control, event, asked.actor(), accepted.words(), now);
      }
    }
    return true;
  }

  /** Records what is in effect already; the plan is what others made of it meanwhile. */
  private void record(ModelControl control) {
    if (control.unrecorded() > 0) {
      control.record();
      publish();
    }
  }

  private void protect(
      ModelControl control,
      RolloutEvent event,
      String actor,
      String why,
      String words,
      Instant now) {
    control.protect(event, actor, why);
    publish();
    tell(control, event, actor, words, now);
  }

  private void tell(
      ModelControl control, RolloutEvent event, String actor, String words, Instant now) {
    control.words = words;
    String version =
        event instanceof RolloutEvent.Configured || event instanceof RolloutEvent.SplitSet
            ? ""
            : control.history().last().map(run -> run.terms().candidate()).orElse("");
    around.listener().accept(new Change(control.model(), version, event, actor, words, now));
  }

  // --- the tick

  /** Looks at every rollout under way and moves it where the evidence says so. */
  public void tick() {
    lock.lock();
    try {
      Instant now = around.clock().instant();
      for (ModelControl control : models.values()) {
        tick(control, now);
        gauges.show(control);
      }
    } finally {
      lock.unlock();
    }
  }

  private void tick(ModelControl control, Instant now) {
    tryRecord(control);
    Optional<ModelHistory.Run> run = control.history().underWay();
    ExperimentRun running = control.running;
    if (run.isEmpty() || running == null) {
      return;
    }
    Look look = running.look(now);
    if (run.get().state().shadowing()) {
      look = look.with(around.shadows().look(control.model(), run.get().terms().candidate()));
    }
    control.look = look;
    gauges.saw(control.model(), running.experiment(), look);
    RolloutTerms terms = run.get().terms();
    Decision decision =
        Rollout.next(
            terms,
            run.get().state(),
            look,
            around.drifted().of(control.model(), terms.candidate()),
            now);
    switch (decision) {
      case Decision.Stay stay -> control.words = stay.because();
      case Decision.Would would -> control.words = would.because();
      case Decision.Move move -> move(control, move.event(terms.rollout()), move.because(), now);
    }
  }

  private void tryRecord(ModelControl control) {
    try {
      record(control);
    } catch (JournalUnavailableException e) {
      control.words = "in effect, not recorded yet: " + e.getMessage();
      LOG.log(Level.WARNING, "{0}: {1}", control.model(), control.words);
    }
  }

  private void move(ModelControl control, RolloutEvent event, String because, Instant now) {
    if (event.safety()) {
      protect(control, event, SELF, because, because, now);
      tryRecord(control);
      return;
    }
    try {
      record(control);
      if (control.grow(event, SELF, because) == ModelControl.Applied.DONE) {
        publish();
        tell(control, event, SELF, because, now);
      } else {
        control.catchUp();
        publish();
      }
    } catch (JournalUnavailableException e) {
      control.words = "holds, nothing can be recorded: " + e.getMessage();
    }
  }

  /** Exchanges the evidence of every experiment with the journal; call it each second. */
  public void checkpoint() {
    List<ExperimentRun> all = new ArrayList<>();
    lock.lock();
    try {
      models.values().stream().map(control -> control.running).forEach(all::add);
    } finally {
      lock.unlock();
    }
    try {
      for (ExperimentRun running : all) {
        if (running != null) {
          running.exchange(around.clock().instant(), true);
        }
      }
    } catch (JournalUnavailableException e) {
      LOG.log(Level.DEBUG, "no exchange of evidence: {0}", e.getMessage());
    }
  }

  // --- questions

  public List<ModelStatus> statuses() {
    lock.lock();
    try {
      List<ModelStatus> all = new ArrayList<>();
      models.values().forEach(control -> all.add(status(control)));
      return all;
    } finally {
      lock.unlock();
    }
  }

  public Optional<ModelStatus> status(String model) {
    lock.lock();
    try {
      return Optional.ofNullable(models.get(model)).map(this::status);
    } finally {
      lock.unlock();
    }
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
        control.unrecorded());
  }

  /** What each shadow's copies say; empty for a model not served. */
  public Optional<List<ShadowReport>> shadows(String model) {
    lock.lock();
    try {
      return Optional.ofNullable(models.get(model)).map(_ -> around.shadows().reports(model));
    } finally {
      lock.unlock();
    }
  }

  /** How long feedback of the model's predictions is taken; empty for a model not served. */
  public Optional<Duration> labelWindow(String model) {
    lock.lock();
    try {
      return Optional.ofNullable(models.get(model))
          .map(control -> control.configured().experiment().labelWindow());
    } finally {
      lock.unlock();
    }
  }

  /** The latest look at the rollout under way; an empty one when there is none. */
  public Look look(String model) {
    lock.lock();
    try {
      ModelControl control = models.get(model);
      @Nullable Look look = control == null ? null : control.look;
      return look == null ? new Look(around.clock().instant(), Optional.empty(), List.of()) : look;
    } finally {
      lock.unlock();
    }
  }

  // --- the request path

  @Override
  public double measuredShare(String model) {
    Compared found = compared.get(model);
    return found == null ? 0 : found.measuredShare();
  }

  @Override
  public long began(String model, Assignment assignment) {
    Compared found = compared.get(model);
    return found == null ? 0 : found.experiment().began(assignment);
  }

  @Override
  public void ended(long token, Observation observation) {
    Compared found = compared.get(observation.variant().model());
    if (found != null) {
      found.experiment().ended(token, observation);
    }
  }
}
