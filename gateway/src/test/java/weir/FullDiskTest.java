package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose state lies on a small file system of its own, until nothing fits on it. */
class FullDiskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MODELS =
      """
      diamond-price:
        routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 50, "2": 50}}}
      """;

  @TempDir private Path folder;
  private boolean mounted;

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/mount")), "there is no mount here");
    mounted =
        run("/bin/mount", "-t", "tmpfs", "-o", "size=2m", "weir-test", folder.toString()) == 0;
    assumeTrue(mounted, "a file system can be mounted by root only");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("/bin/umount", folder.toString())).isZero();
    }
  }

  private void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve("ballast"))) {
      byte[] block = new byte[4_096];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(Files.getFileStore(folder).getUsableSpace()).isZero();
    }
  }

  private static String predict(TestGateway gateway, String unit) throws Exception {
    HttpResponse<String> answer =
        gateway.post(TestGateway.INFER, TestGateway.STONE, "x-user-id", unit);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("weir-prediction-id").orElseThrow();
  }

  private static int feedback(TestGateway gateway, String id) throws Exception {
    return gateway
        .post("/v2/models/diamond-price/feedback", "{\"id\": \"%s\", \"actual\": 1}".formatted(id))
        .statusCode();
  }

  @Test
  void serve_diskFull_answersOnRefusesWhatItCannotKeepAndRecovers() throws Exception {
    try (TestGateway gateway =
        TestGateway.start(TestGateway.REPOSITORY, folder.resolve("state"), MODELS)) {
      fill();
      String refused = fillJournal(gateway);

      for (int i = 0; i < 20; i++) {
        predict(gateway, "unit-" + i);
      }
      assertThat(
              gateway
                  .admin(
                      "POST",
                      "/admin/models/diamond-price/split",
                      "{\"weights\": {\"1\": 10, \"2\": 90}, \"why\": \"no room\"}")
                  .statusCode())
          .isEqualTo(503);

      Files.delete(folder.resolve("ballast"));
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (feedback(gateway, refused) != 200) {
        assertThat(System.nanoTime()).describedAs("recovery").isLessThan(end);
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  /** Feedback until there is no room for one more; the id of the first that was refused. */
  private static String fillJournal(TestGateway gateway) throws Exception {
    for (int i = 0; i < 20_000; i++) {
      String id = predict(gateway, "filler-" + i);
      int status = feedback(gateway, id);
      if (status != 200) {
        assertThat(status).isEqualTo(503);
        return id;
      }
    }
    throw new AssertionError("the journal always found room");
  }
}
