package weir.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was last seen of one file. Not safe for threads. */
final class WatchedFile {
  /** Writes within this time may carry the same time, so that only the bytes tell. */
  static final Duration TIME_GRAIN = Duration.ofSeconds(2);

  private record Stamp(Instant modified, long size, @Nullable Object fileKey) {}

  private final Path file;
  private final int bytesMax;
  private final Clock clock;
  private @Nullable Stamp stamp;
  private Instant readAt = Instant.EPOCH;
  private byte[] digest = new byte[0];

  WatchedFile(Path file, int bytesMax, Clock clock) {
    this.file = file;
    this.bytesMax = bytesMax;
    this.clock = clock;
  }

  /** The content when it differs from the last one seen; a missing file is no content. */
  Optional<byte[]> change() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Stamp now =
          new Stamp(
              attributes.lastModifiedTime().toInstant(), attributes.size(), attributes.fileKey());
      if (now.equals(stamp) && now.modified().plus(TIME_GRAIN).isBefore(readAt)) {
        return Optional.empty();
      }
      Instant startedAt = clock.instant();
      byte[] content = read();
      stamp = now;
      readAt = startedAt;
      byte[] before = digest;
      digest = sha256(content);
      return Arrays.equals(before, digest) ? Optional.empty() : Optional.of(content);
    } catch (NoSuchFileException | NotDirectoryException missing) {
      return Optional.empty();
    }
  }

  private byte[] read() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(bytesMax);
    }
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
