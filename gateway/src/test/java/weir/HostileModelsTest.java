package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.backend.DigestManifest;
import weir.backend.ModelRefusedException;

/** Hostile files and hostile names around the models of a running gateway. */
class HostileModelsTest {
  private static final Path FILES = Path.of("src/test/resources/weir");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String BODY =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[3]}]}";

  @TempDir private Path folder;

  /** A model in the repository, and one beside the repository that no request may reach. */
  private TestGateway start() throws Exception {
    put(folder.resolve("repository/small"), FILES.resolve("live/healthy.onnx"));
    put(folder.resolve("secret"), FILES.resolve("live/healthy.onnx"));
    return TestGateway.start(folder.resolve("repository"), folder.resolve("state"), "small: {}");
  }

  private static void put(Path model, Path file) throws IOException, ModelRefusedException {
    Path to = Files.createDirectories(model.resolve("1")).resolve("model.onnx");
    Path draft = model.resolve("draft");
    Files.copy(file, draft, StandardCopyOption.REPLACE_EXISTING);
    Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    DigestManifest.write(model);
  }

  private static String index(TestGateway gateway) throws IOException, InterruptedException {
    return gateway.post("/v2/repository/index", "").body();
  }

  @Test
  void refresh_hostileReplacements_areRefusedWithAReasonWhileTheOldServes() throws Exception {
    try (TestGateway gateway = start();
        DirectoryStream<Path> files =
            Files.newDirectoryStream(
                FILES.resolve("hostile"), path -> hostile(path.getFileName().toString()))) {
      String before = index(gateway);
      for (Path file : files) {
        put(folder.resolve("repository/small"), file);
        awaitOtherIndex(gateway, before, file);
        String refused = index(gateway);
        assertThat(refused)
            .describedAs(file.toString())
            .contains("\"state\":\"UNAVAILABLE\",\"reason\":\"")
            .doesNotContain("root:");
        assertThat(gateway.post("/v2/models/small/infer", BODY).body()).contains("[6.0]");

        put(folder.resolve("repository/small"), FILES.resolve("live/healthy.onnx"));
        awaitOtherIndex(gateway, refused, file);
      }
    }
  }

  /** That one is a good model with a bad computation: it is loaded, and its requests fail. */
  private static boolean hostile(String name) {
    return name.endsWith(".onnx") && !name.equals("computes-terabytes.onnx");
  }

  private static void awaitOtherIndex(TestGateway gateway, String before, Path file)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (index(gateway).equals(before)) {
      assertThat(System.nanoTime()).describedAs("a look at " + file).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "..%2fsecret",
        "%2e%2e/secret",
        "%2e%2e%2fsecret",
        "%252e%252e%252fsecret",
        "..%5csecret",
        "small/../../secret",
        "small%2f..%2f..%2fsecret",
        "secret%00",
        "small%00../../secret",
        "%2fetc%2fpasswd",
        "file:%2f%2f%2fetc%2fpasswd",
        "..%c0%afsecret",
        "FOLDER%2fsecret"
      })
  void infer_nameThatIsAPath_neverLeavesTheRepository(String name) throws Exception {
    try (TestGateway gateway = start()) {
      String path = name.replace("FOLDER", folder.toString().replace("/", "%2f"));
      for (String target :
          new String[] {
            "/v2/models/" + path + "/infer",
            "/v2/models/" + path + "/versions/1/infer",
            "/v2/models/small/versions/" + path + "/infer"
          }) {
        String answer =
            gateway.raw(
                "POST %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(target, BODY.length(), BODY)
                    .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(answer)
            .describedAs(target)
            .containsPattern("^HTTP/1.1 4(00|04|05) ")
            .doesNotContain("[6.0]", "root:", folder.toString());
      }
    }
  }
}
