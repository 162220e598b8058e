package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelMetadataRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that asks its callers who they are, from outside. */
@Timeout(180)
class AccessDoorTest {
  private static final String INFER = TestGateway.INFER;
  private static final String SPLIT = "/admin/models/diamond-price/split";

  @TempDir private Path folder;
  private String infer = "";
  private String operate = "";
  private String slow = "";
  private Gateway gateway;
  private HttpClient client;
  private boolean ended;

  @BeforeEach
  void start() throws Exception {
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
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    if (!ended) {
      gateway.close();
    }
    client.close();
  }

  /** What a command prints to standard output. */
  private static String weir(String... arguments) {
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

  private String file() {
    return folder.resolve("access.keys").toString();
  }

  private String key(String name, String roles) {
    return weir("key", "create", "--file", file(), "--name", name, "--roles", roles).strip();
  }

  private HttpResponse<String> ask(
      int port, String method, String path, String body, String... headers) throws Exception {
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

  private HttpResponse<String> infer(String path, String... headers) throws Exception {
    return ask(gateway.port(), "POST", path, TestGateway.STONE, headers);
  }

  private HttpResponse<String> admin(String method, String path, String body, String key)
      throws Exception {
    return ask(gateway.managementPort(), method, path, body, "authorization", "Bearer " + key);
  }

  @Test
  void infer_withoutAKey_says401AndHowToGetOne() throws Exception {
    HttpResponse<String> refused = infer(INFER);

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer realm=\"weir\"");
    assertThat(refused.body()).startsWith("{\"error\":\"no key: ").contains("ops/weir key create");
  }

  @Test
  void infer_withAKey_isAnsweredForItsModelAlone() throws Exception {
    assertThat(infer(INFER, "authorization", "Bearer " + infer).statusCode()).isEqualTo(200);
    assertThat(infer(INFER, "x-api-key", infer).statusCode()).isEqualTo(200);
    HttpResponse<String> other = infer("/v2/models/plain-30/infer", "x-api-key", infer);
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.body()).isEqualTo("{\"error\":\"ci lacks the role infer:plain-30\"}");
    HttpResponse<String> encoded = infer("/v2/models/plain%2D30/infer", "x-api-key", infer);
    assertThat(encoded.statusCode()).isEqualTo(403);
    HttpResponse<String> dots =
        infer("/v2/models/diamond-price/../plain-30/infer", "x-api-key", infer);
    assertThat(dots.statusCode()).isIn(400, 403, 404);
  }

  @Test
  void health_andDocuments_askNobody() throws Exception {
    for (String path : new String[] {"/v2/health/live", "/v2/health/ready", "/openapi.yaml"}) {
      assertThat(ask(gateway.port(), "GET", path, "").statusCode()).as(path).isEqualTo(200);
    }
    assertThat(ask(gateway.managementPort(), "GET", "/health/live", "").statusCode())
        .isEqualTo(200);
    assertThat(ask(gateway.managementPort(), "GET", "/metrics", "").statusCode()).isEqualTo(401);
    assertThat(admin("GET", "/metrics", "", operate).body())
        .contains("weir_refusals_total{model=\"\",reason=\"unauthenticated\"}");
  }

  @Test
  void lists_forACallerOfOneModel_tellOfThatModelAlone() throws Exception {
    String one = key("one", "read:diamond-price");
    awaitManagement("/admin/models/diamond-price", one, 200);

    assertThat(admin("GET", "/admin/audit?model=diamond-price", "", one).statusCode())
        .isEqualTo(200);
    for (String path :
        new String[] {
          "/admin/audit",
          "/admin/audit?model=plain-30",
          "/admin/events?model=plain-30",
          "/admin/models?model=diamond-price",
          "/metrics?model=diamond-price",
          "/admin/models/plain-30?model=diamond-price"
        }) {
      assertThat(admin("GET", path, "", one).statusCode()).as(path).isEqualTo(403);
    }
  }

  private void awaitManagement(String path, String key, int status) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (admin("GET", path, "", key).statusCode() != status) {
      assertThat(System.nanoTime()).as("the status " + status + " came in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Test
  void change_byAnOperator_isInTheAuditTrailUnderTheKeysName() throws Exception {
    String body = "{\"weights\": {\"1\": 90, \"2\": 10}, \"why\": \"less of it\"}";
    assertThat(admin("POST", SPLIT, body, infer).statusCode()).isEqualTo(403);
    HttpResponse<String> done =
        ask(
            gateway.managementPort(),
            "POST",
            SPLIT,
            body,
            "x-api-key",
            operate,
            "weir-actor",
            "mallory");
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);

    String audit = admin("GET", "/admin/audit?model=diamond-price", "", operate).body();
    assertThat(audit).contains("\"actor\":\"ann\"").contains("less of it (for mallory)");
    assertThat(audit).doesNotContain("\"actor\":\"mallory\"");
  }

  @Test
  void key_revokedAndAdded_whileRunning() throws Exception {
    assertThat(infer(INFER, "x-api-key", infer).statusCode()).isEqualTo(200);

    assertThat(weir("key", "revoke", "ci", "--file", file())).startsWith("revoked ");
    awaitStatus(infer, 401);
    awaitStatus(key("next", "infer"), 200);
    assertThat(weir("key", "list", "--file", file())).contains("next").doesNotContain(" ci ");

    Files.writeString(folder.resolve("access.keys"), "rubbish");
    assertThat(admin("GET", "/admin/models", "", operate).statusCode()).isEqualTo(200);
  }

  private void awaitStatus(String key, int status) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (infer(INFER, "x-api-key", key).statusCode() != status) {
      assertThat(System.nanoTime()).as("the status " + status + " came in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Test
  void infer_aboveTheCallersRate_says429AndWhen() throws Exception {
    assertThat(infer(INFER, "x-api-key", slow).statusCode()).isEqualTo(200);

    HttpResponse<String> over = infer(INFER, "x-api-key", slow);
    assertThat(over.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(over.headers().firstValue("retry-after").orElse("0")))
        .isBetween(10, 100);
    assertThat(over.body()).startsWith("{\"error\":\"slow may ask 0.01 times a second");
  }

  @Test
  void preflight_ofAListedOrigin_isAnsweredWithoutAKeyAndOnTheProtocolsPortAlone()
      throws Exception {
    HttpResponse<String> allowed = preflight(gateway.port(), INFER, "https://app.example.com");
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(allowed.headers().firstValue("access-control-allow-origin"))
        .contains("https://app.example.com");
    assertThat(allowed.headers().firstValue("access-control-allow-headers"))
        .contains("authorization,content-type");
    HttpResponse<String> answer =
        infer(INFER, "x-api-key", infer, "origin", "https://app.example.com");
    assertThat(answer.headers().firstValue("access-control-expose-headers").orElse(""))
        .contains("weir-variant", "weir-prediction-id", "traceparent");

    HttpResponse<String> other = preflight(gateway.port(), INFER, "https://evil.example.com");
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
    HttpResponse<String> management =
        preflight(gateway.managementPort(), SPLIT, "https://app.example.com");
    assertThat(management.statusCode()).isEqualTo(405);
    assertThat(management.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  private HttpResponse<String> preflight(int port, String path, String origin) throws Exception {
    return ask(
        port,
        "OPTIONS",
        path,
        "",
        "origin",
        origin,
        "access-control-request-method",
        "POST",
        "access-control-request-headers",
        "authorization,content-type");
  }

  @Test
  void command_withAKeyFile_isLetIn() throws Exception {
    String address = "http://127.0.0.1:" + gateway.managementPort();
    Path keyFile = folder.resolve("my.key");
    Files.writeString(keyFile, operate + "\n");

    assertThat(weir("status", "--management", address, "--key-file", keyFile.toString()))
        .contains("diamond-price");
    StringWriter err = new StringWriter();
    assertThat(
            Weir.commandLine()
                .setErr(new PrintWriter(err))
                .execute("status", "--management", address, "--key-file", "/dev/null"))
        .isEqualTo(ClientCode.REFUSED);
    assertThat(err.toString()).contains("WEIR_API_KEY");
  }

  @Test
  void grpc_callsAreHeldAgainstTheSameRoles() throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort()).usePlaintext().build();
    try {
      GRPCInferenceServiceBlockingStub nobody = GRPCInferenceServiceGrpc.newBlockingStub(channel);
      Metadata metadata = new Metadata();
      metadata.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), infer);
      GRPCInferenceServiceBlockingStub ci =
          nobody.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));

      assertThat(nobody.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
      assertThatThrownBy(() -> nobody.serverMetadata(ServerMetadataRequest.getDefaultInstance()))
          .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.UNAUTHENTICATED));
      assertThat(ci.modelMetadata(model("diamond-price")).getName()).isEqualTo("diamond-price");
      assertThatThrownBy(() -> ci.modelMetadata(model("plain-30")))
          .hasMessageContaining("ci lacks the role infer:plain-30 or read:plain-30")
          .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.PERMISSION_DENIED));
    } finally {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Status.Code code(Throwable failure) {
    return ((StatusRuntimeException) failure).getStatus().getCode();
  }

  private static ModelMetadataRequest model(String name) {
    return ModelMetadataRequest.newBuilder().setName(name).build();
  }

  @Test
  void refusedAndFailedRequests_leaveNoKeyAndNoValueBehind() throws Exception {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    Handler handler = capturing(lines);
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      String value = "\"sekret-value-7391\"";
      String malformed = TestGateway.STONE.replace("\"Ideal\"", value);
      String misfit = TestGateway.STONE.replace("[0.5]", "[73917391.5, 73917391.5]");
      StringBuilder answers = new StringBuilder();
      String wrong = infer.substring(0, 30) + "sekret" + infer.substring(36);
      for (String body : new String[] {malformed, misfit, malformed + value, "{" + value}) {
        for (String key : new String[] {infer, wrong, slow, operate}) {
          HttpResponse<String> answer =
              ask(gateway.port(), "POST", INFER, body, "authorization", "Bearer " + key);
          answers.append(answer.statusCode() == 200 ? "" : answer.body() + answer.headers());
        }
      }
      answers.append(admin("POST", SPLIT, "{\"weights\": 1}", wrong).body());
      answers.append(admin("GET", "/metrics", "", operate).body());
      ended = true;
      gateway.close();

      assertThat(answers.toString() + lines)
          .doesNotContain("sekret", "73917391")
          .doesNotContain(infer.substring(18), slow.substring(18), operate.substring(18));
      assertThat(answers.toString()).contains("lacks the role infer");
    } finally {
      root.removeHandler(handler);
    }
  }

  private static Handler capturing(Queue<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        Object[] parameters = line.getParameters();
        lines.add(
            line.getMessage()
                + (parameters == null ? "" : java.util.Arrays.toString(parameters))
                + line.getThrown());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
