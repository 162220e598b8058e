package weir.experiment;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import weir.inference.Variant;
import weir.observation.ShadowAnswer;
import weir.observation.ShadowMeters;
import weir.observation.ShadowObserver;
import weir.routing.ModelRoute;
import weir.routing.Shadow;

/**
 * The comparisons of every shadow that is or was one since the start.
 *
 * <p>A shadow whose stable version, share or tolerance changes begins anew; one that is taken off
 * keeps its last comparison until it is a shadow again or its model is gone. Nothing survives a
 * restart. {@link #follow} is called under one lock, all else on any thread.
 */
public final class ShadowComparisons implements ShadowObserver {
  /** What a comparison is about: another one begins a new comparison. */
  private record Terms(Shadow shadow, String stable, ShadowTolerance tolerance) {}

  private record Running(Terms terms, ShadowComparison comparison, boolean now) {}

  private final ShadowMeters meters;
  private final InstantSource clock;
  private final Map<Variant, Running> shadows = new ConcurrentHashMap<>();

  public ShadowComparisons(ShadowMeters meters, InstantSource clock) {
    this.meters = meters;
    this.clock = clock;
  }

  /** From now on these are the routes and, by model, the tolerances. */
  public void follow(Map<String, ModelRoute> routes, Map<String, ShadowTolerance> tolerances) {
    Set<Variant> named = new HashSet<>();
    Instant now = clock.instant();
    routes.forEach((model, route) -> {
      for (Shadow shadow : route.shadows()) {
        Variant variant = new Variant(model, shadow.version());
        named.add(variant);
        follow(
            variant,
            new Terms(
                shadow,
                route.policy().largest(),
                tolerances.getOrDefault(model, ShadowTolerance.defaults())),
            now);
      }
    });
    for (Variant variant : List.copyOf(shadows.keySet())) {
      if (!routes.containsKey(variant.model())) {
        shadows.remove(variant);
        meters.forget(variant);
      } else if (!named.contains(variant)) {
        shadows.computeIfPresent(
            variant, (_, was) -> new Running(was.terms(), was.comparison(), false));
      }
    }
  }

  private void follow(Variant variant, Terms terms, Instant now) {
    Running was = shadows.get(variant);
    if (was != null && was.now() && was.terms().equals(terms)) {
      return;
    }
    ShadowComparison begun =
        new ShadowComparison(terms.stable(), variant.version(), terms.tolerance(), now);
    meters.watch(variant, begun::difference);
    shadows.put(variant, new Running(terms, begun, true));
  }

  @Override
  public void compared(ShadowAnswer answer) {
    @Nullable Running running = shadows.get(answer.shadow());
    if (running != null
        && running.now()
        && running.comparison().stable().equals(answer.stable().version())) {
      meters.compared(answer.shadow(), running.comparison().add(answer));
    }
  }

  @Override
  public void dropped(Variant shadow, Drop reason) {
    meters.dropped(reason);
    @Nullable Running running = shadows.get(shadow);
    if (running != null && running.now()) {
      running.comparison().dropped(reason);
    }
  }

  /** What the copies of {@code version} say now. */
  public ShadowLook look(String model, String version) {
    @Nullable Running running = shadows.get(new Variant(model, version));
    return running == null ? ShadowLook.NONE : running.comparison().look();
  }

  /** The model's comparisons by version. */
  public List<ShadowReport> reports(String model) {
    Map<String, ShadowReport> reports = new TreeMap<>();
    shadows.forEach((variant, running) -> {
      if (variant.model().equals(model)) {
        reports.put(variant.version(), running.comparison().report(running.now()));
      }
    });
    return List.copyOf(reports.values());
  }
}
