package weir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import weir.journal.Append;
import weir.journal.Entry;
import weir.journal.Journal;
import weir.routing.KeyFile;
import weir.routing.SigningKeys;

/**
 * Where the keys of prediction ids are: in the file that the settings name, in the journal that
 * replicas share, or beside a journal in a file.
 *
 * <p>In the journal they are a checkpoint, which nothing shows; a stream of one entry names it, so
 * that of replicas that make keys at once exactly one's are everyone's. A key file that is there
 * from before, in the state folder, gives its keys.
 */
final class PredictionKeys {
  private static final String STREAM = "prediction-keys";
  private static final String FILE = "prediction-keys";

  private PredictionKeys() {}

  /** The keys when a file has them; empty when the journal does. */
  static Optional<SigningKeys> local(WeirSettings settings) throws StartRefusedException {
    Optional<Path> configured = settings.predictionKeys();
    if (configured.isPresent() && !Files.exists(configured.get())) {
      throw new StartRefusedException(
          List.of(
              "prediction-keys: there is no file %s; make it on one replica and give it to all"
                  .formatted(configured.get())));
    }
    return configured.isPresent() || settings.journal().url().isEmpty()
        ? Optional.of(file(configured.orElseGet(() -> fileOf(settings))).readOrCreate())
        : Optional.empty();
  }

  private static Path fileOf(WeirSettings settings) {
    return settings.state().resolve(FILE);
  }

  private static KeyFile file(Path path) {
    return new KeyFile(path, new SecureRandom());
  }

  /** Everyone's keys, which are this replica's when nobody was first. */
  static SigningKeys shared(WeirSettings settings, Journal journal, String replica) {
    return named(journal)
        .orElseGet(() -> {
          Path before = fileOf(settings);
          SigningKeys offered =
              Files.exists(before) ? file(before).readOrCreate() : file(before).fresh();
          String key = STREAM + "/" + replica;
          journal.checkpoint(key, text(offered), List.of());
          Append done =
              journal.append(
                  STREAM, 0, new Entry("prediction-keys-made", replica, "", quoted(key)));
          if (!(done instanceof Append.Appended)) {
            journal.forget(key);
          }
          return named(journal).orElseThrow();
        });
  }

  private static Optional<SigningKeys> named(Journal journal) {
    return journal.recent(STREAM, 1).stream()
        .findFirst()
        .flatMap(entry -> journal.checkpoint(unquoted(entry.entry().json())))
        .map(text -> SigningKeys.parse(new String(text, StandardCharsets.UTF_8).lines().toList()));
  }

  private static byte[] text(SigningKeys keys) {
    return String.join("\n", keys.written()).getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String key) {
    return "{\"checkpoint\":\"" + key + "\"}";
  }

  private static String unquoted(String json) {
    return json.substring(json.indexOf(':') + 2, json.length() - 2);
  }
}
