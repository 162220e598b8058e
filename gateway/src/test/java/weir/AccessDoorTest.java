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
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that asks its callers who they are, from outside. */
@Timeout(180)
class AccessDoorTest {
  private static final String INFER = KeyedGateway.INFER;
  private static final String SPLIT = KeyedGateway.SPLIT;

  @TempDir private Path folder;
  private KeyedGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = KeyedGateway.start(folder);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void infer_withoutAKey_says401AndHowToGetOne() throws Exception {
    HttpResponse<String> refused = gateway.infer(INFER);

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer realm=\"weir\"");
    assertThat(refused.body()).startsWith("{\"error\":\"no key: ").contains("ops/weir key create");
  }

  @Test
  void infer_withAKey_isAnsweredForItsModelAlone() throws Exception {
    assertThat(gateway.infer(INFER, "authorization", "Bearer " + gateway.inferKey()).statusCode())
        .isEqualTo(200);
    assertThat(gateway.infer(INFER, "x-api-key", gateway.inferKey()).statusCode()).isEqualTo(200);
    HttpResponse<String> other =
        gateway.infer("/v2/models/plain-30/infer", "x-api-key", gateway.inferKey());
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.body()).isEqualTo("{\"error\":\"ci lacks the role infer:plain-30\"}");
    HttpResponse<String> encoded =
        gateway.infer("/v2/models/plain%2D30/infer", "x-api-key", gateway.inferKey());
    assertThat(encoded.statusCode()).isEqualTo(403);
    HttpResponse<String> dots =
        gateway.infer(
            "/v2/models/diamond-price/../plain-30/infer", "x-api-key", gateway.inferKey());
    assertThat(dots.statusCode()).isIn(400, 403, 404);
  }

  @Test
  void health_andDocuments_askNobody() throws Exception {
    for (String path : new String[] {"/v2/health/live", "/v2/health/ready", "/openapi.yaml"}) {
      assertThat(gateway.ask(gateway.port(), "GET", path, "").statusCode()).as(path).isEqualTo(200);
    }
    assertThat(gateway.ask(gateway.managementPort(), "GET", "/health/live", "").statusCode())
        .isEqualTo(200);
    assertThat(gateway.ask(gateway.managementPort(), "GET", "/metrics", "").statusCode())
        .isEqualTo(401);
    assertThat(gateway.admin("GET", "/metrics", "", gateway.operateKey()).body())
        .contains("weir_refusals_total{model=\"\",reason=\"unauthenticated\"}");
  }

  @Test
  void lists_forACallerOfOneModel_tellOfThatModelAlone() throws Exception {
    String one = gateway.key("one", "read:diamond-price");
    awaitManagement("/admin/models/diamond-price", one, 200);

    assertThat(gateway.admin("GET", "/admin/audit?model=diamond-price", "", one).statusCode())
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
      assertThat(gateway.admin("GET", path, "", one).statusCode()).as(path).isEqualTo(403);
    }
  }

  private void awaitManagement(String path, String key, int status) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (gateway.admin("GET", path, "", key).statusCode() != status) {
      assertThat(System.nanoTime()).as("the status " + status + " came in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Test
  void change_byAnOperator_isInTheAuditTrailUnderTheKeysName() throws Exception {
    String body = "{\"weights\": {\"1\": 90, \"2\": 10}, \"why\": \"less of it\"}";
    assertThat(gateway.admin("POST", SPLIT, body, gateway.inferKey()).statusCode()).isEqualTo(403);
    HttpResponse<String> done =
        gateway.ask(
            gateway.managementPort(),
            "POST",
            SPLIT,
            body,
            "x-api-key",
            gateway.operateKey(),
            "weir-actor",
            "mallory");
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);

    String audit =
        gateway.admin("GET", "/admin/audit?model=diamond-price", "", gateway.operateKey()).body();
    assertThat(audit).contains("\"actor\":\"ann\"").contains("less of it (for mallory)");
    assertThat(audit).doesNotContain("\"actor\":\"mallory\"");
  }

  @Test
  void key_revokedAndAdded_whileRunning() throws Exception {
    assertThat(gateway.infer(INFER, "x-api-key", gateway.inferKey()).statusCode()).isEqualTo(200);

    assertThat(KeyedGateway.weir("key", "revoke", "ci", "--file", gateway.file()))
        .startsWith("revoked ");
    awaitStatus(gateway.inferKey(), 401);
    awaitStatus(gateway.key("next", "infer"), 200);
    assertThat(KeyedGateway.weir("key", "list", "--file", gateway.file()))
        .contains("next")
        .doesNotContain(" ci ");

    Files.writeString(folder.resolve("access.keys"), "rubbish");
    assertThat(gateway.admin("GET", "/admin/models", "", gateway.operateKey()).statusCode())
        .isEqualTo(200);
  }

  private void awaitStatus(String key, int status) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (gateway.infer(INFER, "x-api-key", key).statusCode() != status) {
      assertThat(System.nanoTime()).as("the status " + status + " came in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Test
  void command_withAKeyFile_isLetIn() throws Exception {
    String address = "http://127.0.0.1:" + gateway.managementPort();
    Path keyFile = folder.resolve("my.key");
    Files.writeString(keyFile, gateway.operateKey() + "\n");

    assertThat(
            KeyedGateway.weir("status", "--management", address, "--key-file", keyFile.toString()))
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
      metadata.put(
          Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), gateway.inferKey());
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
}
