package weir.dashboards;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A gateway in a process of its own, and a collector that takes its traces and drops them. */
final class GatewayProcess implements AutoCloseable {
  private static final Path REPOSITORY =
      Path.of("../models/repository").toAbsolutePath().normalize();

  private final HttpServer collector;
  private final ChildProcess process;
  private final URI inference;
  private final URI metrics;

  private GatewayProcess(HttpServer collector, Process process) throws IOException {
    this.collector = collector;
    this.process = new ChildProcess(process);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    this.inference = address(out, "inference");
    this.metrics = address(out, "metrics");
  }

  /** Starts on free ports, with its files in {@code folder}, and returns once it serves. */
  static GatewayProcess start(Path folder) throws IOException {
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    Path baseline = folder.resolve("baseline.json");
    try (InputStream in =
        Objects.requireNonNull(GatewayProcess.class.getResourceAsStream("baseline.json"))) {
      Files.copy(in, baseline);
    }
    Path config = folder.resolve("weir.yaml");
    Files.writeString(
        config,
        """
        http: {port: 0, management-port: 0, drain: 1s}
        grpc: {port: 0}
        repository: {path: "%s", warm-up-runs: 1}
        tracing: {endpoint: "http://127.0.0.1:%d", sampling-ratio: 0}
        state: "%s"
        models:
          diamond-price:
            routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 90, "2": 10}}, shadows: [{version: "2", share: 0.2}]}
            cache: {max-size: 1MiB, ttl: 60s}
            serving: {score: price}
            experiment:
              alpha: 0.1
              label-window: 5s
              warm-up: 100
              measured-share: 0.8
              checks: [{errors: {}}, {latency: {quantile: 0.5}}, {absolute-error: {}}]
            drift: {baseline: {file: "%s"}, window: 1m, samples-min: 100}
        """
            .formatted(
                REPOSITORY, collector.getAddress().getPort(), folder.resolve("state"), baseline));
    return serve(folder, collector, config);
  }

  /** Starts on {@code config}, which names its own ports; nobody takes its traces. */
  static GatewayProcess start(Path folder, String config) throws IOException {
    HttpServer nobody =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    return serve(folder, nobody, Files.writeString(folder.resolve("weir.yaml"), config));
  }

  private static GatewayProcess serve(Path folder, HttpServer collector, Path config)
      throws IOException {
    // An argument file, because ONNX Runtime does not start under a long command line.
    Path arguments = folder.resolve("java-arguments");
    Files.writeString(
        arguments,
        "--enable-native-access=ALL-UNNAMED -cp \"%s\" weir.Weir serve --config \"%s\""
            .formatted(System.getProperty("java.class.path"), config));
    Process process =
        new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "@" + arguments)
            .redirectError(folder.resolve("gateway.log").toFile())
            .start();
    try {
      return new GatewayProcess(collector, process);
    } catch (IOException e) {
      process.destroyForcibly();
      collector.stop(0);
      throw e;
    }
  }

  private static URI address(BufferedReader out, String label) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(label)) {
        return URI.create(line.substring(label.length()).strip());
      }
    }
    throw new IOException("the gateway ended before it served; gateway.log says why");
  }

  /** The root of the V2 protocol. */
  URI inference() {
    return inference;
  }

  /** The page that Prometheus scrapes. */
  URI metrics() {
    return metrics;
  }

  /** Posts {@code body} to the management port, which has to agree. */
  void command(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(metrics.resolve(path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(path + " was answered " + response.body());
      }
    }
  }

  /** What a scrape gets that asks for the plain text format. */
  byte[] metricsPage() throws IOException {
    try (InputStream page = metrics.toURL().openStream()) {
      return page.readAllBytes();
    }
  }

  @Override
  public void close() {
    process.close();
    collector.stop(0);
  }
}
