package weir.backend;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import weir.backend.Catalog.Loaded;
import weir.inference.ModelSignature;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.remote.RemoteSettings;
import weir.remote.RemoteVariant;

/**
 * The versions of one model that live elsewhere.
 *
 * <p>One whose server has not said yet what it takes serves by the signature of another version of
 * the model, since only versions with equal inputs share traffic; when there is none, it waits.
 */
record RemoteVersions(SortedMap<String, Loaded> variants, Map<String, RemoteCore> waiting) {
  static final RemoteVersions NONE =
      new RemoteVersions(new TreeMap<>(VersionOrder.ASCENDING), Map.of());

  /** Opens and composes what changed; the parts of a gateway that this needs. */
  record Opener(BackendStack stack, GatewayMetrics metrics, Tracing tracing) {
    RemoteVersions refresh(
        String model, ModelSource source, RemoteVersions before, Collection<Loaded> localVersions) {
      Map<String, RemoteCore> cores = new TreeMap<>(VersionOrder.ASCENDING);
      source
          .remotes()
          .forEach((version, settings) ->
              cores.put(version, core(new Variant(model, version), settings, before)));
      Optional<ModelSignature> sibling = sibling(localVersions, cores.values());
      SortedMap<String, Loaded> variants = new TreeMap<>(VersionOrder.ASCENDING);
      Map<String, RemoteCore> waiting = new HashMap<>();
      cores.forEach((version, core) ->
          core.variant()
              .signature()
              .or(() -> sibling)
              .ifPresentOrElse(
                  signature ->
                      variants.put(
                          version,
                          loaded(new Variant(model, version), core, signature, source, before)),
                  () -> waiting.put(version, core)));
      RemoteVersions now = new RemoteVersions(variants, waiting);
      return now.equals(before) ? before : now;
    }

    private RemoteCore core(Variant variant, RemoteSettings settings, RemoteVersions before) {
      Optional<RemoteCore> kept = before.core(variant.version());
      if (kept.isPresent() && kept.get().settings().equals(settings)) {
        return kept.get();
      }
      Optional<ModelSignature> known = kept.flatMap(core -> core.variant().signature());
      return new RemoteCore(
          settings, RemoteVariant.open(variant, settings, known, metrics.remote(variant), tracing));
    }

    private Loaded loaded(
        Variant variant,
        RemoteCore core,
        ModelSignature signature,
        ModelSource source,
        RemoteVersions before) {
      Loaded kept = before.variants().get(variant.version());
      return kept != null
              && kept.core().equals(core)
              && kept.served().signature().equals(signature)
              && kept.cache().equals(source.cache())
          ? kept
          : new Loaded(
              stack.composeRemote(variant, core, signature, source.cache()), core, source.cache());
    }

    private static Optional<ModelSignature> sibling(
        Collection<Loaded> localVersions, Collection<RemoteCore> cores) {
      Optional<ModelSignature> local =
          localVersions.stream().map(version -> version.served().signature()).findFirst();
      return local.or(
          () -> cores.stream().flatMap(core -> core.variant().signature().stream()).findFirst());
    }
  }

  private Optional<RemoteCore> core(String version) {
    return Optional.ofNullable(cores().get(version));
  }

  /** Everything that is open, serving or not, by version. */
  SortedMap<String, RemoteCore> cores() {
    SortedMap<String, RemoteCore> cores = new TreeMap<>(VersionOrder.ASCENDING);
    cores.putAll(waiting);
    variants.forEach((version, loaded) -> cores.put(version, (RemoteCore) loaded.core()));
    return cores;
  }
}
