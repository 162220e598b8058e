package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.remote.RemoteFailure.Kind;

/** Connections over TLS to a server whose certificate, for localhost, it signed itself. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpsTest {
  private static final ConnectionSettings SETTINGS = connecting(Duration.ofSeconds(20));
  private static final String PASSWORD = "password";

  private static SSLContext context;

  @BeforeAll
  static void sign(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "9",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", keys.getCertificate("a"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
  }

  private static ConnectionSettings connecting(Duration timeout) {
    return new ConnectionSettings(2, 1, Duration.ofSeconds(4), timeout, 1024);
  }

  private interface Service {
    void serve(Socket socket) throws IOException;
  }

  private static ServerSocket serving(ServerSocket listener, Service service) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              Socket socket = listener.accept();
              Thread.ofVirtual()
                  .start(() -> {
                    try (socket) {
                      service.serve(socket);
                    } catch (IOException e) {
                      // The client has gone, as some tests want it to.
                      return;
                    }
                  });
            }
          } catch (IOException e) {
            // The listener was closed: the test is over.
            return;
          }
        });
    return listener;
  }

  private static ServerSocket secure(Service service) throws IOException {
    return serving(
        context.getServerSocketFactory().createServerSocket(0, 9, InetAddress.getLoopbackAddress()),
        service);
  }

  private static void answer(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return;
      }
      text.append((char) next);
      if (text.toString().endsWith("\r\n\r\n")) {
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"
                    .getBytes(StandardCharsets.ISO_8859_1));
        text.setLength(0);
      }
    }
  }

  private static void never() {
    LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
  }

  private static HttpConnections trusting(String host, ServerSocket listener) {
    return trusting(host, listener, SETTINGS);
  }

  private static HttpConnections trusting(
      String host, ServerSocket listener, ConnectionSettings settings) {
    return new HttpConnections(
        URI.create("https://" + host + ":" + listener.getLocalPort()),
        Map.of(),
        settings,
        System::nanoTime,
        new HttpConnector.Way(context::getSocketFactory, InetAddress::getAllByName));
  }

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  private static RemoteFailure failure(HttpConnections connections, HttpCall call, Duration time) {
    return catchThrowableOfType(RemoteFailure.class, () -> connections.exchange(call, in(time)));
  }

  @Test
  void exchange_trustedServer_answersOverOneConnection() throws Exception {
    try (ServerSocket listener = secure(HttpsTest::answer);
        HttpConnections connections = trusting("localhost", listener)) {
      for (int i = 0; i < 3; i++) {
        HttpReply reply = connections.exchange(HttpCall.get("/"), in(Duration.ofSeconds(20)));
        assertThat(reply.status()).isEqualTo(200);
      }
      assertThat(connections.idle()).isEqualTo(1);
    }
  }

  @Test
  void exchange_certificateSignedByItself_isUnreachableAndSaysWhy() throws Exception {
    try (ServerSocket listener = secure(HttpsTest::answer);
        HttpConnections connections =
            new HttpConnections(
                URI.create("https://localhost:" + listener.getLocalPort()), Map.of(), SETTINGS)) {
      RemoteFailure failure = failure(connections, HttpCall.get("/"), Duration.ofSeconds(20));
      assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(failure.message()).contains("valid certification path");
    }
  }

  @Test
  void exchange_certificateOfAnotherName_isUnreachableAndSaysWhy() throws Exception {
    try (ServerSocket listener = secure(HttpsTest::answer);
        HttpConnections connections = trusting("127.0.0.1", listener)) {
      RemoteFailure failure = failure(connections, HttpCall.get("/"), Duration.ofSeconds(20));
      assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(failure.message()).contains("127.0.0.1");
    }
  }

  @Test
  void exchange_serverReadsNothing_endsAtTheDeadline() throws Exception {
    try (ServerSocket listener =
            secure(socket -> {
              socket.getInputStream().read();
              never();
            });
        HttpConnections connections = trusting("localhost", listener)) {
      HttpCall call = new HttpCall("POST", "/", Map.of(), new byte[32 << 20], 32 << 20);
      assertThat(failure(connections, call, Duration.ofSeconds(3)).kind()).isEqualTo(Kind.TIMEOUT);
    }
  }

  @Test
  void exchange_serverDribblesItsHandshake_endsAtTheDeadline() throws Exception {
    try (ServerSocket listener =
            serving(
                new ServerSocket(0, 9, InetAddress.getLoopbackAddress()),
                socket -> {
                  // A record of the handshake, of 16000 bytes that never all come.
                  socket.getOutputStream().write(new byte[] {22, 3, 3, 0x3e, (byte) 0x80, 2});
                  while (true) {
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                    socket.getOutputStream().write(0);
                  }
                });
        HttpConnections connections =
            trusting("localhost", listener, connecting(Duration.ofSeconds(1)))) {
      assertThat(failure(connections, HttpCall.get("/"), Duration.ofMillis(500)).kind())
          .isEqualTo(Kind.TIMEOUT);
      assertThat(failure(connections, HttpCall.get("/"), Duration.ofSeconds(20)).kind())
          .isEqualTo(Kind.UNREACHABLE);
    }
  }
}
