package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gRPC door, asked by the stock client of another language (Debian's python3-grpcio). */
class GrpcPythonTest {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir private Path folder;

  @Test
  void client_ofAnotherLanguage_isServed() throws Exception {
    assumeTrue(run(PYTHON, "-c", "import grpc, google.protobuf").exit() == 0, "no python3-grpcio");
    try (TestGateway gateway =
        TestGateway.start(TestGateway.REPOSITORY, folder.resolve("state"), "diamond-price: {}")) {
      Ran client =
          run(
              PYTHON,
              "src/test/resources/weir/grpc_client.py",
              descriptors().toString(),
              "127.0.0.1:" + gateway.gateway().grpcPort());

      assertThat(client.exit()).describedAs(client.text()).isZero();
      List<String> lines = client.text().lines().toList();
      assertThat(lines).hasSize(5);
      assertThat(lines).element(0).isEqualTo("live True");
      assertThat(lines).element(1).asString().startsWith("price True 7 ");
      assertThat(lines.get(2)).isEqualTo(lines.get(1));
      assertThat(lines).element(3).isEqualTo("refused NOT_FOUND");
      assertThat(lines).element(4).isEqualTo("stream 5");
    }
  }

  /** What the build's protoc wrote beside the classes. */
  private static Path descriptors() throws IOException {
    try (Stream<Path> files =
        Files.list(Path.of("target/generated-resources/protobuf/descriptor-sets"))) {
      return files.findFirst().orElseThrow();
    }
  }

  private record Ran(int exit, String text) {}

  private Ran run(String... command) throws IOException, InterruptedException {
    Path told = Files.createTempFile(folder, "told", ".txt");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(told.toFile())
              .start();
    } catch (IOException e) {
      return new Ran(127, String.valueOf(e.getMessage()));
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return new Ran(-1, "did not end: " + Files.readString(told, StandardCharsets.UTF_8));
    }
    return new Ran(process.exitValue(), Files.readString(told, StandardCharsets.UTF_8));
  }
}
