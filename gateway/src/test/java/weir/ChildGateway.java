package weir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import weir.backend.DigestManifest;
import weir.backend.ModelRefusedException;
import weir.journal.JournalSettings;

/** A gateway in a process of its own, as {@code ops/weir serve} starts it, and its one model. */
final class ChildGateway implements AutoCloseable {
  static final String MODEL = "small";

  /** Settings that divide its traffic evenly. */
  static final String HALVES = "routing: {policy: {split: {\"1\": 50, \"2\": 50}}}";

  private static final Path MODELS = Path.of("src/test/resources/weir/live").toAbsolutePath();
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final URI inference;
  private final URI management;
  private final String grpc;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private ChildGateway(Process process, URI inference, URI management, String grpc) {
    this.grpc = grpc;
    this.process = process;
    this.inference = inference;
    this.management = management;
  }

  /** A repository whose model has these files as versions 1, 2, … */
  static Path repository(Path folder, String... files) throws IOException, ModelRefusedException {
    Path model = folder.resolve("repository").resolve(MODEL);
    for (int i = 0; i < files.length; i++) {
      Path version = Files.createDirectories(model.resolve(Integer.toString(i + 1)));
      Files.copy(MODELS.resolve(files[i] + ".onnx"), version.resolve("model.onnx"));
    }
    DigestManifest.write(model);
    return folder.resolve("repository");
  }

  /** Starts and waits until the ports are open; {@code folder} keeps the state. */
  static ChildGateway start(Path folder, Path repository, String settings) throws IOException {
    return start(folder, repository, JournalSettings.defaults(), settings);
  }

  /** One of those that share {@code journal}. */
  static ChildGateway start(Path folder, Path repository, JournalSettings journal, String settings)
      throws IOException {
    return start(
        folder,
        repository,
        journal,
        settings,
        "http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s}",
        "");
  }

  /** With bounds of its own on HTTP, and options of the virtual machine. */
  static ChildGateway start(
      Path folder,
      Path repository,
      JournalSettings journal,
      String settings,
      String http,
      String options)
      throws IOException {
    Process process = launch(folder, repository, journal, settings, http, options);
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    URI inference = address(said, "inference", folder);
    String grpc = said.readLine();
    URI management = address(said, "metrics", folder);
    return new ChildGateway(
        process, inference, management, grpc.substring("gRPC".length()).strip());
  }

  /** Starts and does not wait. */
  static Process launch(Path folder, Path repository, JournalSettings journal, String settings)
      throws IOException {
    return launch(folder, repository, journal, settings, "http: {port: 0, management-port: 0}", "");
  }

  /** With bounds of its own on HTTP and options of the virtual machine; does not wait. */
  static Process launch(
      Path folder,
      Path repository,
      JournalSettings journal,
      String settings,
      String http,
      String options)
      throws IOException {
    Path config = folder.resolve("weir.yaml");
    Files.writeString(
        config,
        """
        %s
        grpc: {port: 0}
        repository: {path: %s, poll: 200ms, warm-up-runs: 1}
        state: %s
        journal: %s
        models:
          %s:
        %s
        """
            .formatted(
                http,
                repository,
                folder.resolve("state"),
                yaml(journal),
                MODEL,
                settings.indent(4)));
    // An argument file, because ONNX Runtime does not start under a long command line.
    Path arguments = folder.resolve("java-arguments");
    Files.writeString(
        arguments,
        "--enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 %s -cp \"%s\" weir.Weir serve --config \"%s\""
            .formatted(options, System.getProperty("java.class.path"), config));
    return new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "@" + arguments)
        .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private static String yaml(JournalSettings journal) {
    return journal
        .url()
        .map(url -> "{url: \"%s\", user: %s}".formatted(url, journal.user().orElseThrow()))
        .orElse("{}");
  }

  private static URI address(BufferedReader said, String what, Path folder) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(what)) {
        return URI.create(line.substring(what.length()).strip());
      }
    }
    throw new IOException(
        "the gateway ended before it served: " + Files.readString(folder.resolve("log")));
  }

  /** An answer, when it was asked for and when it was there. */
  record Answer(int status, String version, String words, long askedNanos, long answeredNanos) {}

  Answer infer(String unit, float x) throws InterruptedException {
    return infer("", unit, x);
  }

  /** Asks that version. */
  Answer infer(int version, float x) throws InterruptedException {
    return infer("/versions/" + version, "", x);
  }

  private Answer infer(String path, String unit, float x) throws InterruptedException {
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[%s]}]}"
            .formatted(x);
    HttpRequest request =
        HttpRequest.newBuilder(inference.resolve("/v2/models/" + MODEL + path + "/infer"))
            .header("x-user-id", unit)
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    long asked = System.nanoTime();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("weir-variant").orElse(""),
          response.body(),
          asked,
          System.nanoTime());
    } catch (IOException e) {
      return new Answer(0, "", e.toString(), asked, System.nanoTime());
    }
  }

  /** Posts to the model's path on the management port; status and body. */
  HttpResponse<String> command(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(management.resolve("/admin/models/" + MODEL + path))
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  JsonNode read(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(management.resolve(path)).timeout(Duration.ofSeconds(30)).build();
    return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  JsonNode model() throws IOException, InterruptedException {
    return read("/admin/models/" + MODEL);
  }

  ProcessFigures figures() throws IOException, InterruptedException {
    return ProcessFigures.of(process.pid());
  }

  URI inference() {
    return inference;
  }

  /** Address and port. */
  String grpc() {
    return grpc;
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** The process is gone at once, without a chance to write anything. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Waits until a killed process has ended. */
  void gone() throws InterruptedException {
    process.waitFor();
    client.shutdownNow();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
