package weir.backend;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import weir.inference.Variant;

/**
 * Holds back model files that took the process down while they were loaded.
 *
 * <p>Native code reads model files, and what it does wrong ends the process without a word. So a
 * marker lies on disk while one is loaded and warmed up; a marker that is there before was left by
 * a process that did not come to its end. Used by one thread at a time.
 */
public final class Quarantine {
  private static final Logger LOG = System.getLogger(Quarantine.class.getName());
  private static final String FOLDER = "loading";
  private static final int DIGEST_SHOWN = 16;

  private final Optional<Path> folder;

  private Quarantine(Optional<Path> folder) {
    this.folder = folder;
  }

  /** Keeps its markers in the folder {@code loading} of {@code state}. */
  public static Quarantine in(Path state) {
    return new Quarantine(Optional.of(state.resolve(FOLDER)));
  }

  /** Marks nothing and holds nothing back. */
  public static Quarantine off() {
    return new Quarantine(Optional.empty());
  }

  /** The marker of one load; closed when the process has survived it. */
  interface Marker extends AutoCloseable {
    @Override
    void close();
  }

  /** Why that model file is held back, and what to do about it; empty when it is not. */
  Optional<String> problem(Variant variant, String digest) {
    return folder
        .filter(path -> Files.exists(path.resolve(name(variant, digest))))
        .map(_ ->
            "version %s of model '%s' is held back, because a process of this gateway ended while it loaded it; replace the model's file, or delete %s/%s in the state folder to try it again"
                .formatted(variant.version(), variant.model(), FOLDER, name(variant, digest)));
  }

  /** Marks a load that begins. A marker that cannot be written keeps no model from serving. */
  Marker mark(Variant variant, String digest) {
    if (folder.isEmpty()) {
      return () -> {};
    }
    Path marker = folder.get().resolve(name(variant, digest));
    try {
      Files.createDirectories(folder.get());
      Files.writeString(marker, "%s is loaded by process %d\n".formatted(variant, pid()));
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "the load of {0} cannot be marked in {1} ({2}); if it ends the process, so will the next start",
          variant,
          folder.get(),
          e.getClass().getSimpleName());
    }
    return () -> delete(marker);
  }

  private static void delete(Path marker) {
    try {
      Files.deleteIfExists(marker);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "{0} cannot be deleted ({1}); delete it, or the next start holds this model back",
          marker,
          e.getClass().getSimpleName());
    }
  }

  /** Changes when a marker of that model comes or goes. */
  String stamp(String model) throws IOException {
    if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
      return "";
    }
    TreeSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> markers = Files.newDirectoryStream(folder.get())) {
      for (Path marker : markers) {
        String name = marker.getFileName().toString();
        if (name.startsWith(model + "@")) {
          names.add(name);
        }
      }
    }
    return String.join("\n", names);
  }

  private static String name(Variant variant, String digest) {
    return "%s@%s.%s"
        .formatted(variant.model(), variant.version(), digest.substring(0, DIGEST_SHOWN));
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }
}
