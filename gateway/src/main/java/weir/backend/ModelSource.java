package weir.backend;

import java.util.Map;
import java.util.Optional;
import weir.remote.RemoteSettings;

/** What is configured of one model's variants: its cache, and the versions that live elsewhere. */
public record ModelSource(Optional<CacheSettings> cache, Map<String, RemoteSettings> remotes) {
  public static final ModelSource DEFAULT = new ModelSource(Optional.empty(), Map.of());

  public ModelSource {
    remotes = Map.copyOf(remotes);
  }
}
