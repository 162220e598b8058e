package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  private static final String SECRET = "A".repeat(43);

  @TempDir private Path directory;

  private Path path() {
    return directory.resolve("state").resolve("signing.keys");
  }

  @RepeatedTest(20)
  void readOrCreate_twoStartersAtOnce_agreeOnOneKey() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    Callable<SigningKeys> starter =
        () -> {
          KeyFile file = new KeyFile(path(), new SecureRandom());
          start.await(10, TimeUnit.SECONDS);
          return file.readOrCreate();
        };

    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<SigningKeys> one = executor.submit(starter);
      Future<SigningKeys> other = executor.submit(starter);
      assertThat(one.get().keys()).hasSize(1).isEqualTo(other.get().keys());
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rw-------");
    try (var files = Files.list(path().resolveSibling(""))) {
      assertThat(files).containsExactly(path());
    }
  }

  @Test
  void readOrCreate_again_readsTheSameKey() {
    SigningKeys created = new KeyFile(path(), new SecureRandom()).readOrCreate();

    assertThat(new KeyFile(path(), new SecureRandom()).readOrCreate()).isEqualTo(created);
    assertThat(new KeyFile(directory.resolve("other"), new SecureRandom()).readOrCreate())
        .isNotEqualTo(created);
  }

  @Test
  void readOrCreate_keyPutOnTop_signsWithIt() throws IOException {
    SigningKeys created = new KeyFile(path(), new SecureRandom()).readOrCreate();
    int newId = created.keys().getFirst().id() ^ 1;
    Files.writeString(path(), newId + ":" + SECRET + "\n" + Files.readString(path()));

    SigningKeys rotated = new KeyFile(path(), new SecureRandom()).readOrCreate();

    assertThat(rotated.keys())
        .containsExactly(SigningKeys.Key.of(newId, new byte[32]), created.keys().getFirst());
  }

  @Test
  void readOrCreate_fileWithoutKey_namesTheFile() throws IOException {
    Files.writeString(directory.resolve("keys"), "# nothing\n\n");

    assertThatThrownBy(
            () -> new KeyFile(directory.resolve("keys"), new SecureRandom()).readOrCreate())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(directory.resolve("keys") + ": there are 1 to 2 signing keys, not 0");
  }

  @Test
  void readOrCreate_placeNotWritable_saysWhatToDo() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> new KeyFile(file.resolve("keys"), new SecureRandom()).readOrCreate())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("make its directory writable, or configure the keys");
  }

  @Test
  void readOrCreate_hugeFile_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("keys"), "#".repeat(64 * 1024 + 1));

    assertThatThrownBy(() -> new KeyFile(file, new SecureRandom()).readOrCreate())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("over 65536 bytes");
  }

  @Test
  void parse_writtenKeys_keepTheirOrder() {
    SigningKeys keys = SigningKeys.parse(List.of("65535:" + SECRET, "0:" + SECRET));

    assertThat(keys.keys())
        .containsExactly(
            SigningKeys.Key.of(65535, new byte[32]), SigningKeys.Key.of(0, new byte[32]));
  }

  @Test
  void parse_outOfBounds_isRefusedWithoutTheSecret() {
    String secret = "c2VjcmV0IHRoYXQgbm9ib2R5IG1heSBldmVyIHNlZS4";

    for (List<String> written :
        List.of(
            List.<String>of(),
            List.of("1:" + SECRET, "1:" + secret),
            List.of("1:" + SECRET, "2:" + secret, "3:" + SECRET),
            List.of("-1:" + secret),
            List.of("65536:" + secret),
            List.of("x:" + secret),
            List.of(secret),
            List.of(":" + secret),
            List.of("1:" + secret + "!"),
            List.of("1:" + secret.substring(0, 40)),
            List.of("1:"))) {
      assertThatThrownBy(() -> SigningKeys.parse(written))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("signing key")
          .satisfies(e -> assertThat(e.toString()).doesNotContain("c2Vj"));
    }
  }

  @Test
  void toString_ofKeys_hidesTheSecret() {
    SigningKeys keys = SigningKeys.parse(List.of("5:" + SECRET));

    assertThat(keys).hasToString("SigningKeys[keys=[Key[id=5]]]");
  }
}
