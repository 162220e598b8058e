package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;

/** A gateway that asks its callers who they are, and three who have keys. */
final class KeyedGateway implements AutoCloseable {
  static final String INFER = TestGateway.INFER;
  static final String SPLIT = "/admin/models/diamond-price/split";

  private final Path folder;
  private final String infer;
  private final String operate;
  private final String slow;
  private final Gateway gateway;
  private final HttpClient client = HttpClient.newHttpClient();
  private boolean closed;

  private KeyedGateway(Path folder) throws StartRefusedException {
    this.folder = folder;
    infer = key("ci", "infer:diamond-price");
    operate = key("ann", "operate,read");
    slow = key("slow", "infer");
    String yaml =
        """
        http: {port: 0, management-port: 0, drain: 1s, cors: {origins: ["https://app.example.com"]}}
        grpc: {port: 0, drain: 1s}
        repository: {path: %s, poll: 1s, warm-up-runs: 1}
        access:
          keys: access.keys
          limits: {callers: {slow: {per-second: 0.01, burst: 1}}}
        models:
          diamond-price: {routing: {policy: {split: {"1": 50, "2": 50}}}}
          plain-30: {}
        """
            .formatted(TestGateway.REPOSITORY);
    gateway = Gateway.start(Settings.parse(yaml, folder.resolve("weir.yaml"), Map.of()));
  }

  /** Its keys file is {@code access.keys} in that folder. */
  static KeyedGateway start(Path folder) throws StartRefusedException {
    return new KeyedGateway(folder);
  }

  /** The key of ci, who may ask diamond-price for predictions. */
  String inferKey() {
    return infer;
  }

  /** The key of ann, who operates all models. */
  String operateKey() {
    return operate;
  }

  /** The key of one who may ask once in a hundred seconds. */
  String slowKey() {
    return slow;
  }

  int port() {
    return gateway.port();
  }

  int managementPort() {
    return gateway.managementPort();
  }

  int grpcPort() {
    return gateway.grpcPort();
  }

  String file() {
    return folder.resolve("access.keys").toString();
  }

  /** Makes one more key. */
  String key(String name, String roles) {
    return weir("key", "create", "--file", file(), "--name", name, "--roles", roles).strip();
  }

  /** What a command prints to standard output. */
  static String weir(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Weir.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  HttpResponse<String> ask(int port, String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> infer(String path, String... headers) throws Exception {
    return ask(port(), "POST", path, TestGateway.STONE, headers);
  }

  HttpResponse<String> admin(String method, String path, String body, String key) throws Exception {
    return ask(managementPort(), method, path, body, "authorization", "Bearer " + key);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gateway.close();
      client.close();
    }
  }
}
