package weir.backend;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import weir.backend.Catalog.Loaded;
import weir.backend.Catalog.LoadedModel;
import weir.backend.Catalog.LocalVersions;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;

/**
 * Loads the models of a folder in Triton's layout, opens those that live elsewhere, and notices
 * what changed since the last look.
 *
 * <p>A model changes whole or not at all: when one of its versions cannot be served, the versions
 * served before stay, and the catalog's listing says why. Used by one thread at a time.
 */
public final class ModelRepository implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ModelRepository.class.getName());

  private final RepositorySettings settings;
  private final Quarantine quarantine;
  private final BackendStack stack;
  private final RemoteVersions.Opener opener;
  private final OnnxBackend.Care care;

  private ModelRepository(
      RepositorySettings settings,
      Quarantine quarantine,
      BackendStack stack,
      RemoteVersions.Opener opener,
      OnnxBackend.Care care) {
    this.settings = settings;
    this.quarantine = quarantine;
    this.stack = stack;
    this.opener = opener;
    this.care = care;
  }

  public static ModelRepository create(
      RepositorySettings settings, Quarantine quarantine, GatewayMetrics metrics, Tracing tracing) {
    return create(settings, quarantine, metrics, tracing, Ticker.systemTicker(), false);
  }

  /** Loads what computes models, which else the first model waits for. */
  public static void prepare() {
    OnnxBackend.environment();
  }

  /** For tests: a clock for the caches, and buffers that are overwritten between uses. */
  static ModelRepository create(
      RepositorySettings settings,
      Quarantine quarantine,
      GatewayMetrics metrics,
      Tracing tracing,
      Ticker ticker,
      boolean poison) {
    BackendStack stack = new BackendStack(settings, metrics, tracing, ticker);
    return new ModelRepository(
        settings,
        quarantine,
        stack,
        new RemoteVersions.Opener(stack, metrics, tracing),
        new OnnxBackend.Care(
            settings.permitsOrProcessors(),
            settings.warmUpRuns(),
            poison,
            CallWatch.start(Carriers.ofTheProcess(settings.carriers()))));
  }

  /**
   * What can be served now: {@code previous} with what changed on disk, in {@code sources} (by
   * model; absent means the default) or on the servers that these name. Returns {@code previous}
   * itself when nothing changed. The caller publishes the answer and then retires the previous one.
   */
  public Catalog refresh(Catalog previous, Map<String, ModelSource> sources)
      throws ModelRefusedException {
    Map<String, LocalVersions> locals = new HashMap<>();
    for (ModelFolder folder : folders(sources)) {
      ModelSource source = sources.getOrDefault(folder.name(), ModelSource.DEFAULT);
      Optional<LocalVersions> before = previous.model(folder.name()).map(LoadedModel::local);
      locals.put(folder.name(), refresh(folder, before, source.cache()));
    }
    Set<String> names = new HashSet<>(locals.keySet());
    sources.forEach((name, source) -> {
      if (!source.remotes().isEmpty()) {
        names.add(name);
      }
    });
    Map<String, LoadedModel> models = new HashMap<>();
    boolean changed = names.size() != previous.modelCount();
    for (String name : names) {
      Optional<LoadedModel> before = previous.model(name);
      LocalVersions local = locals.getOrDefault(name, LocalVersions.NONE);
      RemoteVersions remote =
          opener.refresh(
              name,
              sources.getOrDefault(name, ModelSource.DEFAULT),
              before.map(LoadedModel::remote).orElse(RemoteVersions.NONE),
              local.variants().values());
      LoadedModel now = new LoadedModel(local, remote);
      changed |= !before.equals(Optional.of(now));
      models.put(name, now);
    }
    return changed ? new Catalog(models) : previous;
  }

  private List<ModelFolder> folders(Map<String, ModelSource> sources) throws ModelRefusedException {
    boolean elsewhere = sources.values().stream().anyMatch(it -> !it.remotes().isEmpty());
    return elsewhere && !Files.exists(settings.path()) ? List.of() : folders();
  }

  private List<ModelFolder> folders() throws ModelRefusedException {
    if (!Files.isDirectory(settings.path())) {
      throw new ModelRefusedException(
          "the model repository %s is not a folder; set repository.path"
              .formatted(settings.path()));
    }
    try {
      return ModelFolder.in(settings.path());
    } catch (IOException e) {
      throw new ModelRefusedException(
          "the model repository %s cannot be read: %s".formatted(settings.path(), e.getMessage()));
    }
  }

  private LocalVersions refresh(
      ModelFolder folder, Optional<LocalVersions> before, Optional<CacheSettings> cache) {
    SortedMap<String, Loaded> kept =
        before.map(LocalVersions::variants).orElseGet(ModelRepository::noVariants);
    boolean sameCache = kept.values().stream().allMatch(loaded -> loaded.cache().equals(cache));
    String stamp = "";
    String version = "?";
    SortedMap<String, Loaded> loaded = noVariants();
    try {
      stamp = folder.stamp() + quarantine.stamp(folder.name());
      if (before.isPresent() && before.get().stamp().equals(stamp) && sameCache) {
        return before.get();
      }
      List<String> versions = folder.versions();
      DigestManifest manifest = DigestManifest.read(folder.path());
      Map<String, String> heldBack = new TreeMap<>();
      for (String each : versions) {
        version = each;
        Optional<Loaded> old = Optional.ofNullable(kept.get(each));
        Optional<String> held = heldBack(folder, each, manifest, old);
        if (held.isPresent() && old.isEmpty()) {
          LOG.log(Level.WARNING, held.get());
          heldBack.put(each, held.get());
        } else if (held.isPresent()) {
          throw new ModelRefusedException(held.get());
        } else {
          loaded.put(each, load(folder, each, manifest, old, cache));
        }
      }
      return new LocalVersions(stamp, loaded, Map.of(), heldBack);
    } catch (ModelRefusedException e) {
      discard(loaded, kept);
      return new LocalVersions(stamp, kept, Map.of(version, e.getMessage()), Map.of());
    } catch (IOException e) {
      discard(loaded, kept);
      String problem = "%s cannot be read: %s".formatted(folder.path(), e.getMessage());
      return new LocalVersions(stamp, kept, Map.of(version, problem), Map.of());
    }
  }

  private Optional<String> heldBack(
      ModelFolder folder, String version, DigestManifest manifest, Optional<Loaded> old) {
    return manifest
        .digestOf(folder.relative(version))
        .filter(digest -> old.isEmpty() || !old.get().served().digest().equals(digest))
        .flatMap(digest -> quarantine.problem(new Variant(folder.name(), version), digest));
  }

  private Loaded load(
      ModelFolder folder,
      String version,
      DigestManifest manifest,
      Optional<Loaded> before,
      Optional<CacheSettings> cache)
      throws ModelRefusedException {
    byte[] bytes = folder.read(version, manifest, settings.maxModelBytes());
    String digest = manifest.digestOf(folder.relative(version)).orElseThrow();
    if (before.isPresent() && before.get().served().digest().equals(digest)) {
      return before.get().cache().equals(cache)
          ? before.get()
          : compose(
              before.get().served().variant(), digest, (OnnxBackend) before.get().core(), cache);
    }
    Variant variant = new Variant(folder.name(), version);
    try (Quarantine.Marker _ = quarantine.mark(variant, digest)) {
      return compose(variant, digest, OnnxBackend.load(variant, bytes, care), cache);
    }
  }

  private Loaded compose(
      Variant variant, String digest, OnnxBackend core, Optional<CacheSettings> cache) {
    return new Loaded(stack.compose(variant, digest, core, cache), core, cache);
  }

  private static void discard(SortedMap<String, Loaded> loaded, SortedMap<String, Loaded> kept) {
    for (Loaded each : loaded.values()) {
      if (kept.values().stream().noneMatch(old -> old.core().equals(each.core()))) {
        each.core().close();
      }
    }
  }

  private static SortedMap<String, Loaded> noVariants() {
    return new TreeMap<>(VersionOrder.ASCENDING);
  }

  /** Stops the watch over running calls. */
  @Override
  public void close() {
    care.watch().close();
  }
}
