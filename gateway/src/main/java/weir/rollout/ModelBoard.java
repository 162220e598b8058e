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
  /** A rollout's experiment and the share of requests that it measures. */
  record Compared(Experiment experiment, double measuredShare) {}

  private final RolloutControl.Around around;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ModelControl> models = new TreeMap<>();
  private final Queue<ExperimentRun> ended = new ConcurrentLinkedQueue<>();
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
        control.measure(null);
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

  /** Measures {@code control}'s rollout by {@code run}, unless that is over meanwhile. */
  void measure(ModelControl control, ExperimentRun run) {
    if (measures(run, control) && control.running == null) {
      control.measure(run);
    } else {
      ended.add(run);
    }
  }

  /** The experiments that ended since the last time. */
  List<ExperimentRun> ended() {
    List<ExperimentRun> all = new ArrayList<>();
    for (ExperimentRun run = ended.poll(); run != null; run = ended.poll()) {
      all.add(run);
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
    }
  }

  private void end(ModelControl control) {
    ExperimentRun before = control.measure(null);
    if (before != null) {
      ended.add(before);
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
      control
          .experiment()
          .ifPresent(experiment -> measured.put(model, compared(control, experiment)));
    });
    around.shadows().follow(routes, tolerances);
    compared = Map.copyOf(measured);
    RoutePlan next = new RoutePlan(position, routes);
    if (!next.equals(before)) {
      around.plan().publish(next);
      around.shown().accept(next);
    }
  }

  private static Compared compared(ModelControl control, Experiment experiment) {
    ModelPlan plan = control.configured();
    return new Compared(experiment, plan.experiment().measured(plan.cached()));
  }

  /** A rollout that nobody measures yet changes nothing. */
  private static ModelRoute route(ModelControl control, RoutePlan before) {
    ModelRoute held = before.models().get(control.model());
    boolean unmeasured = control.running == null && control.history().underWay().isPresent();
    return unmeasured && held != null ? held : control.route();
  }
}
