package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inference.GRPCInferenceServiceGrpc;
import inference.ServerLiveRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.access.Certificates;
import weir.access.Pem;
import weir.access.TlsSettings;

/** The doors with a certificate. */
@Timeout(180)
class TlsDoorTest {
  @TempDir private Path folder;

  private Gateway start() throws Exception {
    String yaml =
        """
        http: {port: 0, management-port: 0, drain: 1s, first-byte-timeout: 2s,
          tls: {certificate: tls.crt, key: tls.key}}
        grpc: {port: 0, drain: 1s, first-byte-timeout: 2s}
        repository: {path: %s, warm-up-runs: 1}
        """
            .formatted(TestGateway.REPOSITORY);
    return Gateway.start(Settings.parse(yaml, folder.resolve("weir.yaml"), Map.of()));
  }

  @Test
  void doors_withACertificate_speakHttp2AndGrpcOverTls() throws Exception {
    TestCertificate.write(folder, "first");
    try (Gateway gateway = start();
        HttpClient client = HttpClient.newBuilder().sslContext(trusting("tls.crt")).build()) {
      HttpResponse<String> live = get(client, gateway.port(), "/v2/health/live");
      assertThat(live.statusCode()).isEqualTo(200);
      assertThat(live.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(get(client, gateway.managementPort(), "/health/live").statusCode()).isEqualTo(200);
      assertThatThrownBy(() -> handshake(gateway.port(), "TLSv1.1"))
          .isInstanceOf(IOException.class);
      assertThat(handshake(gateway.port(), "TLSv1.2")).contains("CN=first");

      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
              .sslContext(
                  GrpcSslContexts.forClient()
                      .trustManager(folder.resolve("tls.crt").toFile())
                      .build())
              .build();
      try {
        assertThat(
                GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .serverLive(ServerLiveRequest.getDefaultInstance())
                    .getLive())
            .isTrue();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void certificate_changedWhileRunning_isTakenByEveryDoor() throws Exception {
    TestCertificate.write(folder, "first");
    try (Gateway gateway = start()) {
      assertThat(handshake(gateway.port(), "TLSv1.3")).contains("CN=first");

      TestCertificate.write(folder, "second");
      awaitCertificate(gateway.port(), "CN=second");
      awaitCertificate(gateway.managementPort(), "CN=second");
      awaitCertificate(gateway.grpcPort(), "CN=second");
    }
  }

  @Test
  void reload_halfWrittenOrForeignFiles_keepsTheOneBefore() throws Exception {
    TestCertificate.write(folder, "first");
    Path certificate = folder.resolve("tls.crt");
    Path key = folder.resolve("tls.key");
    Certificates shown = Certificates.create(new TlsSettings(certificate, key, Optional.empty()));
    String whole = Files.readString(key);

    Files.writeString(key, whole.substring(0, whole.length() / 2));
    assertThat(shown.reload()).isFalse();
    TestCertificate.write(folder, "second");
    Files.writeString(key, whole);
    assertThat(shown.reload()).isFalse();
    assertThat(shown.context()).isNotNull();
    TestCertificate.write(folder, "third");
    assertThat(shown.reload()).isTrue();
  }

  @Test
  void start_keyOfAnotherCertificate_isRefusedWithWords() throws Exception {
    TestCertificate.write(folder, "first");
    String certificate = Files.readString(folder.resolve("tls.crt"));
    TestCertificate.write(folder, "second");
    Files.writeString(folder.resolve("tls.crt"), certificate);

    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("http.tls")
        .hasMessageContaining("is not the one of the certificate");
  }

  @Test
  void handshake_neverFinished_isCutOffByEveryDoor() throws Exception {
    TestCertificate.write(folder, "first");
    byte[] hello = clientHello();
    try (Gateway gateway = start()) {
      List<Socket> stuck = new ArrayList<>();
      for (int port : List.of(gateway.port(), gateway.managementPort(), gateway.grpcPort())) {
        for (int bytes : List.of(0, 5, hello.length)) {
          Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
          stuck.add(socket);
          socket.getOutputStream().write(hello, 0, bytes);
        }
      }
      for (Socket socket : stuck) {
        awaitEnd(socket);
      }
      assertThat(handshake(gateway.port(), "TLSv1.3")).contains("CN=first");
    }
  }

  private static void awaitEnd(Socket socket) throws Exception {
    try (socket) {
      socket.setSoTimeout(60_000);
      while (socket.getInputStream().read() >= 0) {
        // What the door says before it gives up does not matter.
      }
    } catch (SocketException reset) {
      assertThat(reset).isNotNull();
    }
  }

  /** What a client says first, and whole. */
  private static byte[] clientHello() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, null);
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    byte[] said = new byte[hello.flip().remaining()];
    hello.get(said);
    return said;
  }

  private SSLContext trusting(String file) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, Pem.trusting(Pem.certificates(folder.resolve(file))), null);
    return context;
  }

  private static HttpResponse<String> get(HttpClient client, int port, String path)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void awaitCertificate(int port, String name) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!handshake(port, "TLSv1.3").contains(name)) {
      assertThat(System.nanoTime()).as(name + " came in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  /** Whose certificate the door shows. */
  private static String handshake(int port, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, null);
    SSLSocketFactory sockets = context.getSocketFactory();
    try (SSLSocket socket =
        (SSLSocket) sockets.createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.setEnabledProtocols(new String[] {protocol});
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .toString();
    }
  }

  /** Looks at certificates, and minds none. */
  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
