package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.remote.RemoteFailure.Kind;

/** What servers and callers do at the wrong moment. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpFaultsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
  private static final ConnectionSettings SETTINGS =
      new ConnectionSettings(2, 1, Duration.ofSeconds(4), Duration.ofSeconds(1), 1024);

  private static HttpConnections to(int port) {
    return new HttpConnections(URI.create("http://127.0.0.1:" + port), Map.of(), SETTINGS);
  }

  private static ServerSocket listening(int backlog) throws IOException {
    return new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
  }

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  private static HttpCall post(int length) {
    return new HttpCall("POST", "/", Map.of(), new byte[length], length);
  }

  private static RemoteFailure failure(HttpConnections connections, HttpCall call, Duration time) {
    return catchThrowableOfType(RemoteFailure.class, () -> connections.exchange(call, in(time)));
  }

  /** Reads one request without a body, or to the end of the connection. */
  private static void request(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith("\r\n\r\n")) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return;
      }
      text.append((char) next);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void exchange_bytesNobodyAskedForOnAnIdleConnection_areNoAnswerToTheNextCall() throws Exception {
    try (ServerSocket listener = listening(9);
        HttpConnections connections = to(listener.getLocalPort())) {
      CompletableFuture<Boolean> read = new CompletableFuture<>();
      CompletableFuture<Boolean> sent = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try (Socket first = listener.accept()) {
              request(first);
              send(first, OK);
              read.join();
              send(first, "HTTP/1.1 408 Too slow\r\ncontent-length: 0\r\n\r\n");
              sent.complete(true);
              try (Socket next = listener.accept()) {
                request(next);
                send(next, OK);
              }
            } catch (IOException e) {
              sent.completeExceptionally(e);
            }
          });
      assertThat(connections.exchange(HttpCall.get("/"), in(Duration.ofSeconds(9))).status())
          .isEqualTo(200);
      assertThat(connections.idle()).isEqualTo(1);
      read.complete(true);
      sent.join();
      assertThat(connections.exchange(HttpCall.get("/"), in(Duration.ofSeconds(9))).status())
          .isEqualTo(200);
    }
  }

  @Test
  void exchange_serverReadsNothingAndThePoolWasClosed_endsAtTheDeadline() throws Exception {
    try (ScriptedServer server = ScriptedServer.deaf()) {
      HttpConnections connections = to(server.port());
      CompletableFuture<Kind> kind = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() ->
              kind.complete(failure(connections, post(32 << 20), Duration.ofSeconds(1)).kind()));
      while (connections.active() < 1 || server.connections() < 1) {
        Thread.onSpinWait();
      }
      connections.close();
      assertThat(kind.get()).isEqualTo(Kind.TIMEOUT);
    }
  }

  @Test
  void exchange_interruptedWhileItReads_isBrokenAndStaysInterrupted() throws Exception {
    try (ScriptedServer server = ScriptedServer.deaf();
        HttpConnections connections = to(server.port())) {
      assertInterrupted(connections, () -> server.connections() > 0);
    }
  }

  @Test
  void exchange_interruptedWhileItConnects_isBrokenAndStaysInterrupted() throws Exception {
    try (ServerSocket listener = listening(1);
        HttpConnections connections = to(listener.getLocalPort())) {
      List<Socket> fill = full(listener);
      assertInterrupted(connections, () -> connections.active() > 0);
      for (Socket socket : fill) {
        socket.close();
      }
    }
  }

  private interface Moment {
    boolean reached();
  }

  private static void assertInterrupted(HttpConnections connections, Moment moment)
      throws Exception {
    CompletableFuture<Kind> kind = new CompletableFuture<>();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              kind.complete(failure(connections, HttpCall.get("/"), Duration.ofSeconds(20)).kind());
              flag.complete(Thread.currentThread().isInterrupted());
            });
    while (!moment.reached()) {
      Thread.onSpinWait();
    }
    caller.interrupt();
    assertThat(kind.get()).isEqualTo(Kind.BROKEN);
    assertThat(flag.get()).isTrue();
  }

  /** Connections that nobody accepts, so many that the next one is not even refused. */
  private static List<Socket> full(ServerSocket listener) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      sockets.add(new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
    }
    return sockets;
  }

  @Test
  void exchange_serverTakesNoConnection_isUnreachableOrOutOfTime() throws Exception {
    try (ServerSocket listener = listening(1);
        HttpConnections connections = to(listener.getLocalPort())) {
      List<Socket> fill = full(listener);
      assertThat(failure(connections, HttpCall.get("/"), Duration.ofSeconds(20)).kind())
          .isEqualTo(Kind.UNREACHABLE);
      assertThat(failure(connections, HttpCall.get("/"), Duration.ofMillis(200)).kind())
          .isEqualTo(Kind.TIMEOUT);
      for (Socket socket : fill) {
        socket.close();
      }
    }
  }

  @Test
  void exchange_deadlineHasPassed_sendsNothing() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(OK);
        HttpConnections connections = to(server.port())) {
      HttpCall call = new HttpCall("POST", "/", Map.of(), "{}".getBytes(StandardCharsets.UTF_8), 2);
      connections.exchange(call, in(Duration.ofSeconds(9)));
      int before = server.received().length();
      assertThat(failure(connections, call, Duration.ZERO).kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(connections.idle()).isEqualTo(1);
      assertThat(server.received()).hasSize(before);
    }
  }

  @Test
  void exchange_answeredBeforeTheWholeRequestWasRead_isThatAnswer() throws Exception {
    try (ServerSocket listener = listening(9);
        HttpConnections connections = to(listener.getLocalPort())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = listener.accept()) {
              request(socket);
              send(socket, "HTTP/1.1 413 Too much\r\ncontent-length: 0\r\n\r\n");
            } catch (IOException e) {
              return;
            }
          });
      assertThat(connections.exchange(post(32 << 20), in(Duration.ofSeconds(9))).status())
          .isEqualTo(413);
      assertThat(connections.idle()).isZero();
    }
  }

  @Test
  void exchange_answerToHead_hasNoBody() throws Exception {
    try (ServerSocket listener = listening(9);
        HttpConnections connections = to(listener.getLocalPort())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = listener.accept()) {
              request(socket);
              send(socket, "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n");
              request(socket);
            } catch (IOException e) {
              return;
            }
          });
      HttpCall head = new HttpCall("HEAD", "/", Map.of(), new byte[0], 0);
      assertThat(connections.exchange(head, in(Duration.ofSeconds(3))).length()).isZero();
      assertThat(connections.idle()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|content-length: 2|content-length: 2||hi",
        "HTTP/1.1 200 OK|content-encoding: gzip|content-encoding: identity|content-length: 2||hi",
        "HTTP/1.1 200 OK|transfer-encoding: \u000bchunked||0||",
        "HTTP/1.1 200 OK|x: a\u0001b|content-length: 2||hi",
        "HTTP/1.1 200 OK|x: a\u0000b|content-length: 2||hi",
        "HTTP/1.1 200 OK|transfer-encoding: chunked|transfer-encoding: chunked||0||",
        "HTTP/1.1 200 OK|transfer-encoding: chunked||0x1|h|0||",
        "HTTP/1.1 200 OK|transfer-encoding: chunked|| 1|h|0||",
        "HTTP/1.1 200 OK|transfer-encoding: chunked||no size and no end of line",
        "HTTP/1.1 200 OK|transfer-encoding: chunked||000000001|h|0||",
      })
  void exchange_answerThatCanBeReadInTwoWays_isInvalid(String script) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(script.replace("|", "\r\n"));
        HttpConnections connections = to(server.port())) {
      HttpCall call = new HttpCall("POST", "/", Map.of(), "{}".getBytes(StandardCharsets.UTF_8), 2);
      assertThat(failure(connections, call, Duration.ofSeconds(3)).kind()).isEqualTo(Kind.INVALID);
      assertThat(connections.idle()).isZero();
    }
  }

  @Test
  void exchange_connectionEndsAmidTheAnswer_saysHowFarItGot() throws Exception {
    String part = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi";
    try (ScriptedServer server = ScriptedServer.answeringOnce(part);
        HttpConnections connections = to(server.port())) {
      HttpCall call = new HttpCall("POST", "/", Map.of(), "{}".getBytes(StandardCharsets.UTF_8), 2);
      assertThat(failure(connections, call, Duration.ofSeconds(3)).message())
          .contains("after " + part.length() + " bytes");
    }
  }

  @Test
  void exchange_headerOrTargetThatWouldBecomeAnother_isRefusedUnsent() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(OK);
        HttpConnections connections = to(server.port())) {
      HttpCall header = new HttpCall("POST", "/", Map.of("x", "a\r\nb: c"), new byte[0], 0);
      HttpCall target = HttpCall.get("/ HTTP/1.1\r\nb: c");
      for (HttpCall call : List.of(header, target)) {
        assertThat(failure(connections, call, Duration.ofSeconds(3)).kind())
            .isEqualTo(Kind.REFUSED);
      }
      assertThat(server.connections()).isZero();
    }
  }
}
