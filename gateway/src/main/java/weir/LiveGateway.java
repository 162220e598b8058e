package weir;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import weir.backend.Catalog;
import weir.backend.LiveCatalog;
import weir.backend.ModelRefusedException;
import weir.backend.ModelRepository;
import weir.backend.ModelSource;
import weir.backend.ServedVariant;
import weir.drift.DriftMonitor;
import weir.inference.Variant;
import weir.journal.JournalUnavailableException;
import weir.observation.GatewayMetrics;
import weir.rollout.ModelPlan;
import weir.rollout.RolloutControl;
import weir.routing.ModelRoute;
import weir.serving.InferencePipeline;
import weir.serving.ServingSettings;

/**
 * Turns settings and model files into the live catalog and plan, whole or not at all.
 *
 * <p>New variants are published before the plan that names them, and old ones are freed after the
 * plan that named them is gone, so that no request meets a version that is not there.
 */
final class LiveGateway implements AutoCloseable {
  private static final Logger LOG = System.getLogger(LiveGateway.class.getName());

  private final ModelRepository repository;
  private final LiveCatalog catalog;
  private final RolloutControl control;
  private final InferencePipeline pipeline;
  private final GatewayMetrics metrics;
  private final DriftMonitor drift;
  private final ReentrantLock lock = new ReentrantLock();
  private Map<String, ModelSettings> settings = Map.of();
  private Map<String, ModelSettings> wanted;
  private boolean opened;

  LiveGateway(
      ModelRepository repository,
      LiveCatalog catalog,
      RolloutControl control,
      InferencePipeline pipeline,
      GatewayMetrics metrics,
      DriftMonitor drift,
      Map<String, ModelSettings> wanted) {
    this.repository = repository;
    this.catalog = catalog;
    this.control = control;
    this.pipeline = pipeline;
    this.metrics = metrics;
    this.drift = drift;
    this.wanted = wanted;
  }

  /** Applies these settings with what is on disk now; on any problem nothing changes. */
  List<String> apply(Map<String, ModelSettings> next) {
    lock.lock();
    try {
      wanted = next;
      return opened ? applied(next) : List.of();
    } catch (JournalUnavailableException e) {
      return List.of("journal: " + e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Applies the settings for the first time; before that nothing is served.
   *
   * @throws JournalUnavailableException when the journal does not say how the models stand
   */
  List<String> open() {
    lock.lock();
    try {
      List<String> problems = applied(wanted);
      opened = problems.isEmpty();
      return problems;
    } finally {
      lock.unlock();
    }
  }

  private List<String> applied(Map<String, ModelSettings> next) {
    Catalog before = catalog.current();
    Catalog after = before;
    try {
      after = repository.refresh(before, sources(next));
      List<String> problems = problems(next, before, after);
      if (!problems.isEmpty()) {
        after.retireFor(before);
        return problems;
      }
      publish(next, before, after);
      return List.of();
    } catch (ModelRefusedException e) {
      return List.of(e.getMessage());
    } catch (JournalUnavailableException e) {
      if (catalog.current() == before) {
        after.retireFor(before);
      }
      throw e;
    }
  }

  /** Looks at the model files again, under the settings that hold. */
  List<String> refresh() {
    lock.lock();
    try {
      return opened ? apply(settings) : List.of();
    } finally {
      lock.unlock();
    }
  }

  private static Map<String, ModelSource> sources(Map<String, ModelSettings> models) {
    Map<String, ModelSource> sources = new HashMap<>();
    models.forEach(
        (name, model) -> sources.put(name, new ModelSource(model.cache(), model.variants())));
    return sources;
  }

  private void publish(Map<String, ModelSettings> next, Catalog before, Catalog after) {
    Map<String, ModelPlan> plans = plans(next, after);
    if (after == before && next.equals(settings)) {
      return;
    }
    Map<String, ModelRoute> routes = control.preview(plans);
    for (ServedVariant served : after.variants()) {
      Variant variant = served.variant();
      metrics.prepare(variant);
      String stable = Objects.requireNonNull(routes.get(variant.model())).policy().largest();
      drift.watch(
          variant,
          served.signature(),
          settings(next, served).drift(),
          stable.equals(variant.version()));
    }
    catalog.publish(union(before, after));
    Map<String, ServingSettings> serving = new HashMap<>();
    next.forEach((name, model) -> serving.put(name, model.serving()));
    pipeline.configure(serving);
    control.configure(plans);
    catalog.publish(after);
    before.retireFor(after);
    forgetGone(before, after);
    settings = next;
    LOG.log(
        Level.INFO,
        "serving {0}",
        String.join(
            ", ", after.variants().stream().map(v -> v.variant().toString()).sorted().toList()));
  }

  private static Catalog union(Catalog before, Catalog after) {
    return before == after ? after : after.backedBy(before);
  }

  private void forgetGone(Catalog before, Catalog after) {
    Set<Variant> gone = variants(before);
    gone.removeAll(variants(after));
    gone.forEach(variant -> {
      metrics.forget(variant);
      drift.forget(variant);
    });
  }

  private static Set<Variant> variants(Catalog catalog) {
    Set<Variant> variants = new HashSet<>();
    catalog.listings().forEach(listing -> variants.add(listing.variant()));
    return variants;
  }

  /** A route for every model that serves: as configured, else its newest version alone. */
  private static Map<String, ModelPlan> plans(Map<String, ModelSettings> models, Catalog catalog) {
    Map<String, ModelPlan> plans = new HashMap<>();
    for (String name : catalog.models()) {
      ModelSettings model = models.getOrDefault(name, ModelSettings.defaults());
      plans.put(
          name,
          new ModelPlan(
              model.routing().route(name, catalog.newest(name)),
              model.routing().policy().isPresent(),
              model.cache().isPresent(),
              model.experiment(),
              model.rollout(),
              model.routing().bandit()));
    }
    return plans;
  }

  private List<String> problems(Map<String, ModelSettings> models, Catalog before, Catalog after) {
    List<String> problems = new ArrayList<>();
    for (Catalog.Listing listing : after.listings()) {
      if (!listing.problem().isEmpty()
          && !listing.waits()
          && before.versions(listing.variant().model()).isEmpty()) {
        problems.add("models." + listing.variant().model() + ": " + listing.problem());
      }
    }
    if (!problems.isEmpty()) {
      return problems;
    }
    for (String name : models.keySet()) {
      if (after.known(name).isEmpty()) {
        problems.add(
            "models.%s: the repository has no model of that name; it has %s"
                .formatted(name, String.join(", ", after.models())));
      }
      for (String version : after.ambiguous(name)) {
        problems.add(
            "models.%s.variants.%s: the repository has a version of that name; call this one otherwise"
                .formatted(name, version));
      }
    }
    Map<String, ModelPlan> plans = plans(models, after);
    plans.forEach((name, plan) -> problems.addAll(RouteCheck.problems(name, plan.route(), after)));
    if (problems.isEmpty()) {
      control
          .preview(plans)
          .forEach((name, route) -> problems.addAll(RouteCheck.problems(name, route, after)));
    }
    for (ServedVariant served : after.variants()) {
      DriftMonitor.problems(served.variant(), served.signature(), settings(models, served).drift())
          .forEach(
              problem -> problems.add("models." + served.variant().model() + ".drift: " + problem));
    }
    return problems;
  }

  private static ModelSettings settings(Map<String, ModelSettings> models, ServedVariant served) {
    return models.getOrDefault(served.variant().model(), ModelSettings.defaults());
  }

  /** Why {@code candidate} cannot share the traffic of {@code stable}; empty when it can. */
  Optional<String> mismatch(String model, String stable, String candidate) {
    return RouteCheck.mismatch(catalog.current(), model, stable, candidate);
  }

  @Override
  public void close() {
    catalog.current().retireFor(Catalog.EMPTY);
    repository.close();
  }
}
