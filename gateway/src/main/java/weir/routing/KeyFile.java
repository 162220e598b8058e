package weir.routing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The file of signing keys: one written key per line; blank lines and {@code #} comments are
 * skipped.
 *
 * <p>A missing file is made with one new key, readable by its owner alone. It is written whole
 * beside its place and then linked there, which fails when another starter was first: both read the
 * same key, and nobody sees half a file.
 */
public final class KeyFile {
  private static final int FILE_BYTES_MAX = 64 * 1024;

  private final Path path;
  private final RandomGenerator random;

  /** {@code random} makes secrets, so it is a {@link java.security.SecureRandom}. */
  public KeyFile(Path path, RandomGenerator random) {
    this.path = path.toAbsolutePath();
    this.random = random;
  }

  public SigningKeys readOrCreate() {
    try {
      if (!Files.exists(path)) {
        create();
      }
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read or create the signing keys in %s (%s); make its directory writable, or configure the keys"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  /** One new key, which no file holds. */
  public SigningKeys fresh() {
    byte[] secret = new byte[SigningKeys.Key.SECRET_BYTES_MIN];
    random.nextBytes(secret);
    return new SigningKeys(
        List.of(SigningKeys.Key.of(random.nextInt(SigningKeys.Key.ID_MAX + 1), secret)));
  }

  private void create() throws IOException {
    Path directory = path.resolveSibling("");
    Files.createDirectories(directory);
    Path draft =
        Files.createTempFile(
            directory,
            path.getFileName() + ".",
            ".draft",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      write(draft);
      Files.createLink(path, draft);
    } catch (FileAlreadyExistsException _) {
      // Another starter was first: its key is the key.
    } finally {
      Files.delete(draft);
    }
  }

  private void write(Path draft) throws IOException {
    String text =
        "# Keys of prediction ids. The first signs, all verify: put a new one on top, keep the old\n"
            + "# one until the feedback of its predictions is in.\n"
            + fresh().written().getFirst()
            + "\n";
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private SigningKeys read() throws IOException {
    if (Files.size(path) > FILE_BYTES_MAX) {
      throw new IOException("over " + FILE_BYTES_MAX + " bytes");
    }
    List<String> keys =
        Files.readAllLines(path).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    try {
      return SigningKeys.parse(keys);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
    }
  }
}
