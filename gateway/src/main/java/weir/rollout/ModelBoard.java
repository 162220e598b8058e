package weir.rollout;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.experiment.Experiment;
import weir.experiment.ShadowTolerance;
import weir.routing.LivePlan;
import weir.routing.ModelRoute;
import weir.routing.RoutePlan;

/**
 * The models as they are known here, and the plan that follows from them.
 *
 * <p>The only caller of {@link LivePlan#publish}. One short lock, under which nobody waits for
 * anything: a rollback needs it and nothing else. Whoever calls another method than {@link
 * #locked}, {@link #change} and {@link #compared} holds it.
 */
final class ModelBoard {
  private final RolloutControl.Around around;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ModelControl> models = new TreeMap<>();
  private final Queue<Runnable> ended = new ConcurrentLinkedQueue<>();
  private final RolloutGauges gauges;
  private volatile Map<String, Compared> compared = Map.of();
  private long position;

  ModelBoard(RolloutControl.Around around) {
    this.around = around;
    this.gauges = new RolloutGauges(around.meters());
  }

  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  void change(Runnable work) {
    locked(() -> {
      work.run();
      return true;
    });
  }

  /** By model, what its requests are compared in; any thread. */
  @Nullable Compared compared(String model) {
    return compared.get(model);
  }

  Collection<ModelControl> models() {
    return models.values();
  }

  Set<String> names() {
    return models.keySet();
  }

  Optional<ModelControl> find(String model) {
    return Optional.ofNullable(models.get(model));
  }

  RolloutGauges gauges() {
    return gauges;
  }

  void replace(Map<String, ModelControl> next) {
    models.forEach((model, control) -> {
      if (!control.equals(next.get(model))) {
        control.measure(null, 0);
      }
    });
    models.clear();
    models.putAll(next);
    gauges.retain(models.keySet());
  }

  /** Those whose rollout nobody measures yet: it gets no traffic until then. */
  List<ModelControl> unmeasured() {
    endOver();
    return models.values().stream()
        .filter(control -> control.running == null && control.history().underWay().isPresent())
        .toList();
  }

  /**
   * Measures {@code control}'s rollout by {@code run}, which was told the first {@code told}
   * stages, unless that is over meanwhile.
   */
  void measure(ModelControl control, ExperimentRun run, int told) {
    if (measures(run, control) && control.running == null) {
      control.measure(run, told);
    } else {
      ended.add(run::forget);
    }
  }

  /** Those whose bandit nobody guides yet; its shares stay until then. */
  List<ModelControl> unguided() {
    endOver();
    return models.values().stream()
        .filter(control -> control.guide().run().isEmpty() && control.banditBegun().isPresent())
        .toList();
  }

  /** As {@link #measure}, of a bandit. */
  void guide(ModelControl control, BanditRun run, int told) {
    if (guides(run, control) && control.guide().run().isEmpty()) {
      control.guide().guide(run, told);
    } else {
      ended.add(run::forget);
    }
  }

  /** Forgets what ended since the last time; each of these waits for the journal. */
  List<Runnable> ended() {
    List<Runnable> all = new ArrayList<>();
    for (Runnable forget = ended.poll(); forget != null; forget = ended.poll()) {
      all.add(forget);
    }
    return all;
  }

  private static boolean measures(ExperimentRun run, ModelControl control) {
    return control.history().underWay().stream()
        .anyMatch(now -> now.terms().rollout().equals(run.rollout()));
  }

  private void endOver() {
    for (ModelControl control : models.values()) {
      ExperimentRun running = control.running;
      if (running != null && !measures(running, control)) {
        end(control);
      }
      control
          .guide()
          .run()
          .filter(run -> !guides(run, control))
          .ifPresent(run -> {
            control.guide().guide(null, 0);
            ended.add(run::forget);
          });
    }
  }

  private static boolean guides(BanditRun run, ModelControl control) {
    return control.banditBegun().stream().anyMatch(now -> now.revision() == run.revision());
  }

  private void end(ModelControl control) {
    ExperimentRun before = control.measure(null, 0);
    if (before != null) {
      ended.add(before::forget);
    }
  }

  /** Puts into effect what the models' histories say. */
  void publish() {
    endOver();
    RoutePlan before = around.plan().current();
    Map<String, ModelRoute> routes = new HashMap<>();
    Map<String, ShadowTolerance> tolerances = new HashMap<>();
    Map<String, Compared> measured = new HashMap<>();
    models.forEach((model, control) -> {
      position = Math.max(position, control.position());
      routes.put(model, route(control, before));
      tolerances.put(model, control.configured().experiment().shadow());
      control.tellShares();
      List<Experiment> experiments = control.experiments();
      if (!experiments.isEmpty()) {
        measured.put(model, compared(model, control, experiments));
      }
    });
    around.shadows().follow(routes, tolerances);
    compared = Map.copyOf(measured);
    RoutePlan next = new RoutePlan(position, routes);
    if (!next.equals(before)) {
      around.plan().publish(next);
      around.shown().accept(next);
    }
  }

  private Compared compared(String model, ModelControl control, List<Experiment> experiments) {
    ModelPlan plan = control.configured();
    double share = plan.experiment().measured(plan.cached());
    Compared before = compared.get(model);
    return before != null && before.is(experiments, share)
        ? before
        : new Compared(experiments, share);
  }

  /** A rollout that nobody measures yet changes nothing. */
  private static ModelRoute route(ModelControl control, RoutePlan before) {
    ModelRoute held = before.models().get(control.model());
    boolean unmeasured = control.running == null && control.history().underWay().isPresent();
    return unmeasured && held != null ? held : control.route();
  }
}
