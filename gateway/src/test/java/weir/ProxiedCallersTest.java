package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ServerMetadataRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits of addresses where proxies stand before the doors, with headers that callers make up. */
@Timeout(180)
class ProxiedCallersTest {
  private static final Metadata.Key<String> FORWARDED_FOR =
      Metadata.Key.of("x-forwarded-for", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir private Path folder;

  private Gateway start(String proxies) throws Exception {
    String yaml =
        """
        http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s}
        grpc: {port: 0, drain: 1s}
        repository: {path: %s, warm-up-runs: 1}
        access: {trusted-proxies: [%s], limits: {standard: {per-second: 0.001, burst: 1}}}
        """
            .formatted(TestGateway.REPOSITORY, proxies);
    return Gateway.start(Settings.parse(yaml, folder.resolve("weir.yaml"), Map.of()));
  }

  private static int status(HttpClient client, Gateway gateway, String... forwardedFor)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v2"));
    for (String line : forwardedFor) {
      request.header("x-forwarded-for", line);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void limit_ofAnAddressBehindATrustedProxy_isTheCallersOwn() throws Exception {
    try (Gateway gateway = start("127.0.0.1, 10.0.0.0/8");
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(status(client, gateway, "203.0.113.1")).isEqualTo(200);
      assertThat(status(client, gateway, "203.0.113.1")).isEqualTo(429);
      assertThat(status(client, gateway, "203.0.113.2")).isEqualTo(200);

      assertThat(status(client, gateway, "198.51.100.1, 203.0.113.1")).isEqualTo(429);
      assertThat(status(client, gateway, "198.51.100.2, 203.0.113.1, 10.0.0.9")).isEqualTo(429);
      assertThat(status(client, gateway, "198.51.100.3", "203.0.113.1")).isEqualTo(429);

      assertThat(status(client, gateway, "198.51.100.4, rubbish")).isEqualTo(200);
      assertThat(status(client, gateway, "198.51.100.5, rubbish")).isEqualTo(429);
      assertThat(status(client, gateway)).as("the proxy itself").isEqualTo(429);
    }
  }

  @Test
  void limit_ofAnAddressThatIsNoTrustedProxy_isNotEscapedByAHeader() throws Exception {
    try (Gateway gateway = start("10.0.0.0/8");
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(status(client, gateway, "203.0.113.1")).isEqualTo(200);
      assertThat(status(client, gateway, "203.0.113.2")).isEqualTo(429);
    }
  }

  @Test
  void limit_overGrpc_readsTheSameHeader() throws Exception {
    try (Gateway gateway = start("127.0.0.1")) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort()).usePlaintext().build();
      try {
        call(channel, "203.0.113.1");
        call(channel, "203.0.113.2");
        assertThatThrownBy(() -> call(channel, "198.51.100.1, 203.0.113.1"))
            .isInstanceOfSatisfying(
                StatusRuntimeException.class,
                e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static void call(ManagedChannel channel, String forwardedFor) {
    Metadata headers = new Metadata();
    headers.put(FORWARDED_FOR, forwardedFor);
    GRPCInferenceServiceBlockingStub stub =
        GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    assertThat(
            stub.withDeadlineAfter(60, TimeUnit.SECONDS)
                .serverMetadata(ServerMetadataRequest.getDefaultInstance())
                .getName())
        .isNotEmpty();
  }
}
