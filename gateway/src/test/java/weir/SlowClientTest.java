package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that keep the gateway waiting, over raw sockets: each is cut off, others are served. */
@Tag("alone")
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowClientTest {
  private static final int PER_ADDRESS = 8;
  private static final String POST =
      "POST " + TestGateway.INFER + " HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n";

  @TempDir private static Path state;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws StartRefusedException {
    String yaml =
        """
        http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s, first-byte-timeout: 1s,
          header-timeout: 1s, body-timeout: 2s, read-timeout: 1s, write-timeout: 1s,
          max-connections-per-address: %d}
        grpc: {enabled: false}
        repository: {path: %s, warm-up-runs: 1}
        state: %s
        """
            .formatted(PER_ADDRESS, TestGateway.REPOSITORY, state);
    gateway = Gateway.start(Settings.parse(yaml, state.resolve("weir.yaml"), Map.of()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), gateway.port());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What the gateway says until it closes; the test's timeout ends it when it never does. */
  private static String rest(Socket socket) throws IOException {
    StringBuilder said = new StringBuilder();
    InputStream in = socket.getInputStream();
    try {
      for (int c = in.read(); c >= 0; c = in.read()) {
        said.append((char) c);
      }
    } catch (SocketException reset) {
      // A reset is as good an end as any.
    }
    return said.toString();
  }

  /** Sends a byte whenever the socket takes one, until it is cut off. */
  private static void drip(Socket socket, String piece) throws IOException {
    socket.setSoTimeout(100);
    boolean open = true;
    while (open) {
      try {
        send(socket, piece);
        open = socket.getInputStream().read() >= 0;
      } catch (java.net.SocketTimeoutException silent) {
        open = true;
      } catch (SocketException cut) {
        open = false;
      }
    }
  }

  @Test
  void connection_silent_isClosed() throws IOException {
    try (Socket socket = connect()) {
      assertThat(rest(socket)).isEmpty();
    }
  }

  @Test
  void headers_dripped_areCutOff() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /v2 HTTP/1.1\r\nHost: a\r\n");
      drip(socket, "a: b\r\n");
    }
  }

  @Test
  void headersAfterAnAnswer_dripped_areCutOff() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /v2 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      drip(socket, "G");
    }
  }

  @Test
  void preface_unfinished_isCutOff() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "PRI * HTT");
      rest(socket);
    }
  }

  @Test
  void body_stopped_isCutOff() throws IOException {
    try (Socket socket = connect()) {
      send(socket, POST + "{");
      rest(socket);
    }
  }

  @Test
  void body_dripped_isCutOff() throws IOException {
    try (Socket socket = connect()) {
      send(socket, POST + "{");
      drip(socket, " ");
    }
  }

  @Test
  void answers_leftUnread_endTheConnection() throws IOException {
    try (Socket socket = connect()) {
      String many = "GET /openapi.yaml HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50);
      while (true) {
        send(socket, many);
      }
    } catch (SocketException cut) {
      assertThat(cut).isNotNull();
    }
  }

  @Test
  void connections_ofOneAddressBeyondItsShare_areClosedAtOnce() throws IOException {
    Socket[] held = new Socket[PER_ADDRESS];
    try {
      for (int i = 0; i < held.length; i++) {
        held[i] = connect();
        send(held[i], "GET /v2 HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(held[i].getInputStream().read()).isIn((int) 'H', -1);
      }
      try (Socket more = connect()) {
        assertThat(rest(more)).isEmpty();
      }
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
  }

  @Test
  void framing_ofTwoKinds_isRefusedAndNothingAfterItServed() throws IOException {
    String smuggled = "GET /v2 HTTP/1.1\r\nHost: a\r\n\r\n";
    for (String head :
        new String[] {
          "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
          "Transfer-Encoding: chunked\r\n\r\n4\r\nabcdX\r\n0\r\n\r\n",
          "Transfer-Encoding: gzip\r\n\r\n",
          "Content-Length: 4\r\nContent-Length: 0\r\n\r\nabcd",
          "Content-Length: -1\r\n\r\n",
        }) {
      for (String path : new String[] {"POST " + TestGateway.INFER, "GET /v2"}) {
        try (Socket socket = connect()) {
          send(socket, path + " HTTP/1.1\r\nHost: a\r\n" + head + smuggled);
          String said = rest(socket);
          assertThat(said.split("HTTP/1.1 ", -1)).describedAs(path + head + said).hasSize(2);
          if (path.startsWith("POST")) {
            assertThat(said).describedAs(head).startsWith("HTTP/1.1 400");
          }
        }
      }
    }
  }
}
