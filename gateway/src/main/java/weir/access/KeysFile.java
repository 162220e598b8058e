package weir.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The file of API keys: a line each, {@code ID NAME SHA-256 ROLES CREATED}, and comments after
 * {@code #}. It holds no secret.
 */
public final class KeysFile {
  private static final String HEADER =
      "# Keys of Weir, one a line: id, name, SHA-256 of the key, roles, time. Made by 'ops/weir key'.";
  private static final int KEYS_MAX = 10_000;
  private static final int FIELDS = 5;

  private final Path file;

  public KeysFile(Path file) {
    this.file = file;
  }

  /** The keys in a file's text; an IllegalArgumentException names the first line that is wrong. */
  public static List<ApiKey> parse(String text) {
    List<ApiKey> keys = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        ApiKey key = read(line.split("\\s+", -1));
        if (!ids.add(key.id())) {
          throw new IllegalArgumentException("the id is there twice");
        }
        keys.add(key);
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new IllegalArgumentException("line %d: %s".formatted(i + 1, e.getMessage()), e);
      }
    }
    if (keys.size() > KEYS_MAX) {
      throw new IllegalArgumentException(
          "it has %d keys, and at most %d are taken".formatted(keys.size(), KEYS_MAX));
    }
    return List.copyOf(keys);
  }

  private static ApiKey read(String[] fields) {
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException("a key has 5 fields, not " + fields.length);
    }
    return new ApiKey(
        fields[0], fields[1], fields[2], Grant.all(fields[3]), Instant.parse(fields[4]));
  }

  /** The keys; none when there is no file. */
  public List<ApiKey> keys() throws IOException {
    return Files.exists(file) ? parse(Files.readString(file)) : List.of();
  }

  public void add(ApiKey key) throws IOException {
    List<String> lines =
        new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of(HEADER));
    lines.add(key.line());
    write(lines);
  }

  /** Removes the keys of that id or name; returns those that were. */
  public List<ApiKey> revoke(String idOrName) throws IOException {
    List<ApiKey> gone =
        keys().stream()
            .filter(key -> key.id().equals(idOrName) || key.name().equals(idOrName))
            .toList();
    List<String> left = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
    left.removeIf(line -> gone.stream().anyMatch(key -> line.strip().startsWith(key.id() + " ")));
    if (!gone.isEmpty()) {
      write(left);
    }
    return gone;
  }

  /** Whole or not at all, and for its owner alone. */
  private void write(List<String> lines) throws IOException {
    String text = String.join("\n", lines) + "\n";
    parse(text);
    Path folder = file.toAbsolutePath().getParent();
    Path next =
        Files.createTempFile(
            folder,
            ".keys",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(next, text);
      if (Files.exists(file)) {
        Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(file));
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
  }
}
