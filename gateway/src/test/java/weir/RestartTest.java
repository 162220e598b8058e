package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: one unit, one variant, whatever happens to the process that said so. */
class RestartTest {
  @TempDir private Path folder;

  /** A gateway in a process of its own, and the address that it printed. */
  private record Running(Process process, String address) {
    List<String> variants() throws IOException, InterruptedException {
      List<String> variants = new ArrayList<>();
      try (HttpClient client = HttpClient.newHttpClient()) {
        for (int i = 0; i < 40; i++) {
          HttpRequest request =
              HttpRequest.newBuilder(URI.create(address + "/models/diamond-price/infer"))
                  .header("x-user-id", "user-" + i)
                  .POST(HttpRequest.BodyPublishers.ofString(TestGateway.STONE))
                  .build();
          HttpResponse<Void> response =
              client.send(request, HttpResponse.BodyHandlers.discarding());
          variants.add(response.headers().firstValue("weir-variant").orElse("none"));
        }
      }
      return variants;
    }
  }

  private Running start(String state) throws IOException {
    Path config = folder.resolve(state + ".yaml");
    Files.writeString(
        config,
        """
        http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s}
        grpc: {port: 0}
        repository: {path: %s, warm-up-runs: 1}
        state: %s
        models:
          diamond-price:
            routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 50, "2": 50}}}
        """
            .formatted(TestGateway.REPOSITORY, folder.resolve(state)));
    // An argument file, because ONNX Runtime does not start under a long command line.
    Path arguments = folder.resolve("java-arguments");
    Files.writeString(
        arguments,
        "--enable-native-access=ALL-UNNAMED -cp \"%s\" weir.Weir serve --config \"%s\""
            .formatted(System.getProperty("java.class.path"), config));
    Process process =
        new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "@" + arguments)
            .redirectError(folder.resolve(state + ".log").toFile())
            .start();
    return new Running(process, address(process));
  }

  private String address(Process process) throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("inference")) {
        return line.substring("inference".length()).strip();
      }
    }
    throw new IOException("the gateway ended before it served");
  }

  @Test
  void serve_killedAndStartedAgain_andASecondBeside_giveTheSameVariants() throws Exception {
    Running first = start("one");
    List<String> before = first.variants();
    first.process().destroyForcibly().waitFor();

    Running again = start("one");
    Running second = start("two");
    try {
      assertThat(before).contains("1", "2").doesNotContain("none");
      assertThat(again.variants()).isEqualTo(before);
      assertThat(second.variants()).isEqualTo(before);
    } finally {
      again.process().destroy();
      second.process().destroy();
    }
    assertThat(again.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(second.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(again.process().exitValue()).isZero();
  }
}
