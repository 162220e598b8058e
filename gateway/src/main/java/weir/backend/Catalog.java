package weir.backend;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import weir.inference.Variant;

/** Every variant that can answer at one moment; immutable. */
public final class Catalog {
  public static final Catalog EMPTY = new Catalog(Map.of());

  /** One line of the repository index; {@code problem} is empty when the version serves. */
  public record Listing(Variant variant, String problem) {}

  record Loaded(ServedVariant served, OnnxBackend core, Optional<CacheSettings> cache) {}

  record LoadedModel(
      String stamp, SortedMap<String, Loaded> variants, Map<String, String> problems) {}

  private final Map<String, LoadedModel> models;
  private final Map<Variant, ServedVariant> served = new HashMap<>();

  Catalog(Map<String, LoadedModel> models) {
    this.models = Map.copyOf(models);
    for (LoadedModel model : models.values()) {
      for (Loaded loaded : model.variants().values()) {
        served.put(loaded.served().variant(), loaded.served());
      }
    }
  }

  public Optional<ServedVariant> find(String model, String version) {
    return Optional.ofNullable(served.get(new Variant(model, version)));
  }

  /** Names of the models that have at least one version that serves. */
  public List<String> models() {
    return models.entrySet().stream()
        .filter(entry -> !entry.getValue().variants().isEmpty())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** The serving versions of a model, ascending; empty when it is unknown. */
  public List<String> versions(String model) {
    LoadedModel loaded = models.get(model);
    return loaded == null ? List.of() : List.copyOf(loaded.variants().keySet());
  }

  public Collection<ServedVariant> variants() {
    return served.values();
  }

  /** Every version found in the repository, and what keeps it from serving. */
  public List<Listing> listings() {
    List<Listing> listings = new ArrayList<>();
    models.forEach((name, model) -> {
      model
          .variants()
          .keySet()
          .forEach(version -> listings.add(new Listing(new Variant(name, version), "")));
      model
          .problems()
          .forEach(
              (version, problem) -> listings.add(new Listing(new Variant(name, version), problem)));
    });
    listings.sort(
        java.util.Comparator.comparing((Listing listing) -> listing.variant().model())
            .thenComparing(listing -> listing.variant().version()));
    return listings;
  }

  int modelCount() {
    return models.size();
  }

  Optional<LoadedModel> model(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /** This catalog, and beside it what only {@code other} holds; for the moment of a change. */
  public Catalog backedBy(Catalog other) {
    Catalog both = new Catalog(models);
    other.served.forEach(both.served::putIfAbsent);
    return both;
  }

  /** Frees what {@code next} no longer holds, once its running calls have ended. */
  public void retireFor(Catalog next) {
    Set<OnnxBackend> kept = new HashSet<>();
    next.models.values().forEach(m -> m.variants().values().forEach(v -> kept.add(v.core())));
    for (LoadedModel model : models.values()) {
      for (Loaded loaded : model.variants().values()) {
        if (!kept.contains(loaded.core())) {
          loaded.core().close();
        }
      }
    }
  }
}
