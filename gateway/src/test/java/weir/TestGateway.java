package weir;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import weir.journal.JournalSettings;

/** A real gateway on free ports, and the ways in which tests talk to it. */
final class TestGateway implements AutoCloseable {
  static final Path REPOSITORY = Path.of("../models/repository").toAbsolutePath().normalize();

  /** One stone, as a person would describe it. */
  static final String STONE =
      """
      {"id":"42","inputs":[
       {"name":"carat","shape":[1,1],"datatype":"FP32","data":[0.5]},
       {"name":"depth","shape":[1,1],"datatype":"FP32","data":[61.5]},
       {"name":"table","shape":[1,1],"datatype":"FP32","data":[55]},
       {"name":"x","shape":[1,1],"datatype":"FP32","data":[5.1]},
       {"name":"y","shape":[1,1],"datatype":"FP32","data":[5.1]},
       {"name":"z","shape":[1,1],"datatype":"FP32","data":[3.2]},
       {"name":"cut","shape":[1,1],"datatype":"BYTES","data":["Ideal"]},
       {"name":"color","shape":[1,1],"datatype":"BYTES","data":["E"]},
       {"name":"clarity","shape":[1,1],"datatype":"BYTES","data":["SI1"]}]}\
      """;

  static final String INFER = "/v2/models/diamond-price/infer";

  private final Gateway gateway;
  private final HttpClient client = HttpClient.newHttpClient();

  private TestGateway(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Starts with these models' settings, written as YAML below {@code models:}. */
  static TestGateway start(Path repository, Path state, String models)
      throws StartRefusedException {
    return new TestGateway(Gateway.start(settings(repository, state, models)));
  }

  static TestGateway start(Path repository, Path state, String models, Clock clock)
      throws StartRefusedException {
    return new TestGateway(Gateway.start(settings(repository, state, models), clock));
  }

  static WeirSettings settings(Path repository, Path state, String models)
      throws StartRefusedException {
    String yaml =
        """
        http: {port: 0, management-port: 0, max-body: 1MiB, lame-duck: 0s, drain: 1s}
        grpc: {port: 0, drain: 1s}
        repository: {path: %s, poll: 100ms, warm-up-runs: 1}
        state: %s
        models:
        %s
        """
            .formatted(repository, state, models.indent(2));
    return Settings.parse(yaml, state.resolve("weir.yaml"), Map.of());
  }

  /** One replica of a fleet: its own state folder, a journal that it shares. */
  static TestGateway start(Path state, JournalSettings journal, String models)
      throws StartRefusedException {
    WeirSettings alone = settings(REPOSITORY, state, models);
    return new TestGateway(
        Gateway.start(
            new WeirSettings(
                alone.http(),
                alone.grpc(),
                alone.access(),
                alone.repository(),
                alone.limits(),
                alone.tracing(),
                alone.notices(),
                alone.shadow(),
                journal,
                alone.predictionKeys(),
                alone.state(),
                alone.models())));
  }

  Gateway gateway() {
    return gateway;
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(gateway.port(), path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(gateway.port(), path);
  }

  HttpResponse<String> management(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(gateway.managementPort(), path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A change on the management port. */
  HttpResponse<String> admin(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(gateway.managementPort(), path))
            .header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(port, path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** The version that serves this unit. */
  String variantOf(String unit) throws IOException, InterruptedException {
    return post(INFER, STONE, "x-user-id", unit).headers().firstValue("weir-variant").orElse("");
  }

  /** Sends these bytes on a connection of their own, ends the sending, and reads to the end. */
  String raw(byte[] request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()), 2_000);
      socket.setSoTimeout(3_000);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      return readAll(socket.getInputStream());
    }
  }

  private static String readAll(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] chunk = new byte[8_192];
    try {
      for (int got = in.read(chunk); got >= 0; got = in.read(chunk)) {
        text.append(new String(chunk, 0, got, StandardCharsets.ISO_8859_1));
      }
    } catch (SocketTimeoutException e) {
      return text.append("<still open>").toString();
    }
    return text.toString();
  }

  @Override
  public void close() {
    gateway.close();
    client.close();
  }
}
