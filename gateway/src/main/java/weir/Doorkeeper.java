package weir;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.access.Access;
import weir.access.AccessSettings;
import weir.access.ApiKey;
import weir.access.Certificates;
import weir.access.Entrance;
import weir.access.GuardedLookup;
import weir.access.KeysFile;
import weir.access.TlsSettings;
import weir.config.FileWatch;
import weir.observation.AccessMeters;

/** What the doors ask of callers, kept as the files of keys and certificates say now. */
final class Doorkeeper implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Doorkeeper.class.getName());
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Entrance entrance;
  private final List<FileWatch> watches;

  private Doorkeeper(Entrance entrance, List<FileWatch> watches) {
    this.entrance = entrance;
    this.watches = watches;
  }

  static Doorkeeper create(WeirSettings settings, AccessMeters meters)
      throws StartRefusedException {
    Optional<String> bypassed = GuardedLookup.bypassed();
    if (bypassed.isPresent()) {
      throw new StartRefusedException(List.of(bypassed.get()));
    }
    List<FileWatch> watches = new ArrayList<>();
    boolean done = false;
    try {
      Access access = access(settings.access(), meters, watches);
      Optional<Certificates> certificates = certificates(settings.http().tls(), watches);
      warn(settings, certificates.isPresent());
      done = true;
      return new Doorkeeper(new Entrance(access, certificates), watches);
    } finally {
      if (!done) {
        watches.forEach(FileWatch::close);
      }
    }
  }

  private static Access access(
      AccessSettings settings, AccessMeters meters, List<FileWatch> watches)
      throws StartRefusedException {
    Access access = Access.create(settings, meters);
    if (settings.keys().isPresent()) {
      Path file = settings.keys().get();
      watches.add(FileWatch.create(file, LOOK, text -> changed(access, file, text)));
      access.use(keys(file));
    }
    return access;
  }

  private static List<ApiKey> keys(Path file) throws StartRefusedException {
    try {
      return KeysFile.parse(Files.readString(file));
    } catch (IOException e) {
      throw new StartRefusedException(
          List.of(
              "access.keys: %s cannot be read (%s); 'ops/weir key create --file %s --name NAME --roles ROLES' makes it"
                  .formatted(file, e.getClass().getSimpleName(), file)));
    } catch (IllegalArgumentException e) {
      throw new StartRefusedException(
          List.of("access.keys: %s, %s".formatted(file, e.getMessage())));
    }
  }

  private static void changed(Access access, Path file, String text) {
    try {
      List<ApiKey> keys = KeysFile.parse(text);
      access.use(keys);
      LOG.log(Level.INFO, "{0} has {1} keys now", file, keys.size());
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "{0} is not applied, the keys before stay, revoked ones too: {1}",
          file,
          e.getMessage());
    }
  }

  private static Optional<Certificates> certificates(
      Optional<TlsSettings> tls, List<FileWatch> watches) throws StartRefusedException {
    if (tls.isEmpty()) {
      return Optional.empty();
    }
    try {
      Certificates certificates = Certificates.create(tls.get());
      watches.add(
          FileWatch.createAll(
              List.of(tls.get().certificate(), tls.get().key()),
              LOOK,
              (_, _) -> certificates.reload()));
      return Optional.of(certificates);
    } catch (IOException e) {
      throw new StartRefusedException(
          List.of("http.tls: %s cannot be read".formatted(e.getMessage())));
    } catch (GeneralSecurityException e) {
      throw new StartRefusedException(List.of("http.tls: " + e.getMessage()));
    }
  }

  private static void warn(WeirSettings settings, boolean secure) {
    if (settings.access().required() && !secure && !settings.local()) {
      LOG.log(
          Level.WARNING,
          "keys and tokens come over the network unencrypted: write http.tls, or let what stands before the doors do TLS");
    }
  }

  /** What the doors ask for. */
  Entrance entrance() {
    return entrance;
  }

  @Override
  public void close() {
    watches.forEach(FileWatch::close);
  }
}
