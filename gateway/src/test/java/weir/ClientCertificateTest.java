package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inference.GRPCInferenceServiceGrpc;
import inference.ServerLiveRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.access.Pem;

/** Doors that ask their clients for a certificate. */
@Timeout(180)
class ClientCertificateTest {
  @TempDir private static Path folder;

  private static Gateway gateway;
  private static KeyManager right;
  private static KeyManager wrong;

  @BeforeAll
  static void start() throws Exception {
    TestCertificate.write(folder, "server");
    right = TestCertificate.ofClient(folder, "ours");
    wrong = TestCertificate.ofClient(folder, "theirs");
    String yaml =
        """
        http:
          port: 0
          management-port: 0
          lame-duck: 0s
          drain: 1s
          tls: {certificate: tls.crt, key: tls.key, client-ca: ours-ca.crt}
        grpc: {port: 0, drain: 1s}
        repository: {path: %s, warm-up-runs: 1}
        """
            .formatted(TestGateway.REPOSITORY);
    gateway = Gateway.start(Settings.parse(yaml, folder.resolve("weir.yaml"), Map.of()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static int status(Optional<KeyManager> shown, String protocol, int port, String path)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        shown.map(key -> new KeyManager[] {key}).orElse(null),
        Pem.trusting(Pem.certificates(folder.resolve("tls.crt"))),
        null);
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(context).sslParameters(parameters).build()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void http_certificateOfTheRightAuthorityAlone_isLetIn(String protocol) throws Exception {
    assertThat(status(Optional.of(right), protocol, gateway.port(), "/v2/health/live"))
        .isEqualTo(200);
    assertThat(status(Optional.of(right), protocol, gateway.managementPort(), "/health/live"))
        .isEqualTo(200);
    for (Optional<KeyManager> shown : List.of(Optional.<KeyManager>empty(), Optional.of(wrong))) {
      assertThatThrownBy(() -> status(shown, protocol, gateway.port(), "/v2/health/live"))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> status(shown, protocol, gateway.managementPort(), "/health/live"))
          .isInstanceOf(IOException.class);
    }
  }

  private static boolean live(Optional<KeyManager> shown) throws Exception {
    SslContextBuilder context =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .trustManager(folder.resolve("tls.crt").toFile());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
            .sslContext(shown.map(context::keyManager).orElse(context).build())
            .build();
    try {
      return GRPCInferenceServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .serverLive(ServerLiveRequest.getDefaultInstance())
          .getLive();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void grpc_certificateOfTheRightAuthorityAlone_isLetIn() throws Exception {
    assertThat(live(Optional.of(right))).isTrue();
    for (Optional<KeyManager> shown : List.of(Optional.<KeyManager>empty(), Optional.of(wrong))) {
      assertThatThrownBy(() -> live(shown))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }
  }
}
