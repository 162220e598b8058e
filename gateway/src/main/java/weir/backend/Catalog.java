package weir.backend;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import weir.inference.Variant;
import weir.observation.ComparisonObserver;

/** Every variant that can answer at one moment; immutable. */
public final class Catalog implements ComparisonObserver.Footing {
  public static final Catalog EMPTY = new Catalog(Map.of());

  /**
   * One line of the repository index; {@code problem} is empty when the version can answer. One
   * that waits, for its server or in quarantine, is no reason not to serve the others.
   */
  public record Listing(Variant variant, String problem, boolean waits) {}

  record Loaded(ServedVariant served, Core core, Optional<CacheSettings> cache) {}

  /** The versions of one model in the repository's folder; those held back are in quarantine. */
  record LocalVersions(
      String stamp,
      SortedMap<String, Loaded> variants,
      Map<String, String> problems,
      Map<String, String> heldBack) {
    static final LocalVersions NONE =
        new LocalVersions("", new TreeMap<>(VersionOrder.ASCENDING), Map.of(), Map.of());
  }

  record LoadedModel(LocalVersions local, RemoteVersions remote) {
    /** Every version that serves, ascending. */
    SortedMap<String, Loaded> variants() {
      SortedMap<String, Loaded> all = new TreeMap<>(local.variants());
      all.putAll(remote.variants());
      return all;
    }
  }

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

  @Override
  public boolean equal(String model, String one, String other) {
    ServedVariant first = served.get(new Variant(model, one));
    ServedVariant second = served.get(new Variant(model, other));
    return first != null && second != null && equal(first.direct(), second.direct());
  }

  static boolean equal(Backend one, Backend other) {
    return one.takes()
        && other.takes()
        && asksNone(other, one.leftOut())
        && asksNone(one, other.leftOut());
  }

  private static boolean asksNone(Backend backend, Set<String> servers) {
    for (String server : servers) {
      if (backend.asks(server)) {
        return false;
      }
    }
    return true;
  }

  /** Names of the models that have at least one version that serves or waits. */
  public List<String> models() {
    return models.keySet().stream().filter(name -> !known(name).isEmpty()).sorted().toList();
  }

  /** The versions of a model that serve, or wait for their server or in quarantine; ascending. */
  public List<String> known(String model) {
    LoadedModel loaded = models.get(model);
    if (loaded == null) {
      return List.of();
    }
    SortedSet<String> known = new TreeSet<>(VersionOrder.ASCENDING);
    known.addAll(loaded.local().variants().keySet());
    known.addAll(loaded.local().heldBack().keySet());
    known.addAll(loaded.remote().cores().keySet());
    return List.copyOf(known);
  }

  /** The versions that are both in the repository's folder and configured elsewhere. */
  public List<String> ambiguous(String model) {
    LoadedModel loaded = models.get(model);
    return loaded == null
        ? List.of()
        : Stream.concat(
                loaded.local().variants().keySet().stream(),
                loaded.local().heldBack().keySet().stream())
            .filter(version -> loaded.remote().cores().containsKey(version))
            .toList();
  }

  /** The serving versions of a model, ascending; empty when it is unknown. */
  public List<String> versions(String model) {
    LoadedModel loaded = models.get(model);
    return loaded == null ? List.of() : List.copyOf(loaded.variants().keySet());
  }

  /** The newest version, of those that are not in quarantine if there is one. */
  public String newest(String model) {
    List<String> known = known(model);
    Set<String> heldBack =
        Optional.ofNullable(models.get(model))
            .map(loaded -> loaded.local().heldBack().keySet())
            .orElse(Set.of());
    return known.reversed().stream()
        .filter(version -> !heldBack.contains(version))
        .findFirst()
        .orElseGet(known::getLast);
  }

  /** Why a version has not been reached yet, or is in quarantine; empty for any other. */
  public Optional<String> waiting(String model, String version) {
    LoadedModel loaded = models.get(model);
    if (loaded == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(loaded.remote().waiting().get(version))
        .map(core -> core.variant().problem())
        .or(() -> Optional.ofNullable(loaded.local().heldBack().get(version)));
  }

  public Collection<ServedVariant> variants() {
    return served.values();
  }

  /** Every version found in the repository, and what keeps it from serving. */
  public List<Listing> listings() {
    List<Listing> listings = new ArrayList<>();
    models.forEach((name, model) -> {
      model
          .local()
          .variants()
          .keySet()
          .forEach(version -> listings.add(new Listing(new Variant(name, version), "", false)));
      model
          .local()
          .problems()
          .forEach((version, problem) ->
              listings.add(new Listing(new Variant(name, version), problem, false)));
      model
          .local()
          .heldBack()
          .forEach((version, problem) ->
              listings.add(new Listing(new Variant(name, version), problem, true)));
      model
          .remote()
          .cores()
          .forEach((version, core) ->
              listings.add(
                  new Listing(new Variant(name, version), core.variant().problem(), true)));
    });
    listings.sort(
        Comparator.comparing((Listing listing) -> listing.variant().model())
            .thenComparing(listing -> listing.variant().version(), VersionOrder.ASCENDING));
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
    Set<Core> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    next.models.values().forEach(model -> kept.addAll(cores(model)));
    for (LoadedModel model : models.values()) {
      for (Core core : cores(model)) {
        if (!kept.contains(core)) {
          core.close();
        }
      }
    }
  }

  private static List<Core> cores(LoadedModel model) {
    List<Core> cores = new ArrayList<>(model.remote().cores().values());
    model.local().variants().values().forEach(loaded -> cores.add(loaded.core()));
    return cores;
  }
}
