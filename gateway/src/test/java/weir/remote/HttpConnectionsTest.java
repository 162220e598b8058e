package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.remote.RemoteFailure.Kind;

/**
 * Connections to a server that answers with bytes as they are written here.
 *
 * <p>Over 300 lines because all of them share that server.
 */
class HttpConnectionsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
  private static final ConnectionSettings SETTINGS =
      new ConnectionSettings(2, 1, Duration.ofSeconds(4), Duration.ofSeconds(1), 1024);

  private final AtomicLong clock = new AtomicLong();

  private HttpConnections to(ScriptedServer server) {
    return to(server, SETTINGS);
  }

  private HttpConnections to(ScriptedServer server, ConnectionSettings settings) {
    return new HttpConnections(
        URI.create("http://127.0.0.1:" + server.port()),
        Map.of("authorization", "Bearer x"),
        settings,
        clock::get);
  }

  private static long soon() {
    return System.nanoTime() + Duration.ofSeconds(20).toNanos();
  }

  private static HttpCall post() {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    return new HttpCall("POST", "/v2", Map.of("content-type", "application/json"), body, 2);
  }

  private static String text(HttpReply reply) {
    return new String(reply.body(), 0, reply.length(), StandardCharsets.ISO_8859_1);
  }

  private static Kind kindOf(HttpConnections connections, long deadline) {
    return catchThrowableOfType(RemoteFailure.class, () -> connections.exchange(post(), deadline))
        .kind();
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 200 OK|content-length: 2||hi', 200, hi",
    "'HTTP/1.1 200|Content-Length:2||hi', 200, hi",
    "'HTTP/1.1 200 OK|transfer-encoding: chunked||1|h|1;x=y|i|0||', 200, hi",
    "'HTTP/1.1 200 OK|transfer-encoding: Chunked||2|hi|0|trailer: 1||', 200, hi",
    "'HTTP/1.1 100 Continue||HTTP/1.1 200 OK|content-length: 2||hi', 200, hi",
    "'HTTP/1.1 500 Oh no|content-length: 2||hi', 500, hi",
    "'HTTP/1.1 302 Found|location: /x|content-length: 0||', 302, ''",
    "'HTTP/1.1 204 No Content||', 204, ''",
    "'HTTP/1.1 200 OK|content-length: 0||', 200, ''"
  })
  void exchange_soundAnswer_isReadAndItsConnectionKept(String script, int status, String body)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(script.replace("|", "\r\n"));
        HttpConnections connections = to(server)) {
      for (int i = 0; i < 2; i++) {
        HttpReply reply = connections.exchange(post(), soon());
        assertThat(reply.status()).isEqualTo(status);
        assertThat(text(reply)).isEqualTo(body);
      }
      assertThat(server.connections()).isEqualTo(1);
      assertThat(connections.idle()).isEqualTo(1);
      assertThat(connections.active()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|connection: close|content-length: 2||hi",
        "HTTP/1.0 200 OK|content-length: 2||hi",
        "HTTP/1.1 200 OK|content-length: 2||hi and more",
      })
  void exchange_answerThatEndsItsConnection_isReadAndTheConnectionNotKept(String script)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(script.replace("|", "\r\n"));
        HttpConnections connections = to(server)) {
      assertThat(text(connections.exchange(post(), soon()))).isEqualTo("hi");
      assertThat(connections.idle()).isZero();
    }
  }

  @Test
  void exchange_answerToTheEndOfTheConnection_isWhole() throws Exception {
    try (ScriptedServer server = ScriptedServer.answeringOnce("HTTP/1.1 200 OK\r\n\r\nall of it");
        HttpConnections connections = to(server)) {
      assertThat(text(connections.exchange(post(), soon()))).isEqualTo("all of it");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'SSH-2.0-OpenSSH|', INVALID",
    "'HTTP/2 200 OK||', INVALID",
    "'HTTP/1.1 2x0 OK||', INVALID",
    "'HTTP/1.1 700 OK|content-length: 0||', INVALID",
    "'HTTP/1.1 200 OK|content-length: 2|content-length: 3||hi', INVALID",
    "'HTTP/1.1 200 OK|content-length: -2||hi', INVALID",
    "'HTTP/1.1 200 OK|content-length: 2, 2||hi', INVALID",
    "'HTTP/1.1 200 OK|content-length: 2|transfer-encoding: chunked||0||', INVALID",
    "'HTTP/1.1 200 OK|transfer-encoding: gzip, chunked||0||', INVALID",
    "'HTTP/1.1 200 OK|transfer-encoding: chunked||x|hi|0||', INVALID",
    "'HTTP/1.1 200 OK|transfer-encoding: chunked||1|hi|0||', INVALID",
    "'HTTP/1.1 200 OK|transfer-encoding: chunked||ffffffff|', INVALID",
    "'HTTP/1.1 200 OK|content-length: 1025||', INVALID",
    "'HTTP/1.1 200 OK|content-encoding: gzip|content-length: 2||hi', INVALID",
    "'HTTP/1.1 200 OK| folded: 1|content-length: 0||', INVALID",
    "'HTTP/1.1 200 OK|no colon|content-length: 0||', INVALID",
    "'HTTP/1.1 101 Switching||', INVALID",
    "'HTTP/1.1 200 OK|content-length: 9||hi', BROKEN",
    "'HTTP/1.1 200 OK|transfer-encoding: chunked||5|hi', BROKEN",
    "'HTTP/1.1 20', BROKEN",
    "'', BROKEN"
  })
  void exchange_brokenAnswer_isAFailureOfItsKindAndTheConnectionIsGone(String script, Kind kind)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.answeringOnce(script.replace("|", "\r\n"));
        HttpConnections connections = to(server)) {
      assertThat(kindOf(connections, soon())).isEqualTo(kind);
      assertThat(connections.idle()).isZero();
      assertThat(connections.active()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
      })
  void exchange_serverDribblesForEver_endsAtTheDeadline(String beginning) throws Exception {
    try (ScriptedServer server = ScriptedServer.dribbling(beginning);
        HttpConnections connections = to(server)) {
      long deadline = System.nanoTime() + Duration.ofMillis(300).toNanos();
      assertThat(kindOf(connections, deadline)).isEqualTo(Kind.TIMEOUT);
    }
  }

  @Test
  void exchange_serverReadsNothing_endsAtTheDeadline() throws Exception {
    byte[] much = new byte[32 << 20];
    try (ScriptedServer server = ScriptedServer.deaf();
        HttpConnections connections = to(server)) {
      RemoteFailure failure =
          catchThrowableOfType(
              RemoteFailure.class,
              () ->
                  connections.exchange(
                      new HttpCall("POST", "/", Map.of(), much, much.length),
                      System.nanoTime() + Duration.ofMillis(300).toNanos()));
      assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
    }
  }

  @Test
  void exchange_serverHangsBesideAnIdleConnection_endsAtTheDeadline() throws Exception {
    try (ScriptedServer server = ScriptedServer.answeringFirst(2, OK);
        HttpConnections connections = to(server);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpReply> other = callers.submit(() -> connections.exchange(post(), soon()));
      connections.exchange(post(), soon());
      other.get();
      assertThat(connections.idle()).isEqualTo(2);
      long deadline = System.nanoTime() + Duration.ofMillis(300).toNanos();
      Future<Kind> hanging = callers.submit(() -> kindOf(connections, deadline));
      try {
        assertThat(hanging).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Kind.TIMEOUT);
      } finally {
        hanging.cancel(true);
      }
    }
  }

  @Test
  void sweep_nothingUnderWay_hasNothingToWaitFor() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(OK);
        HttpConnections connections = to(server)) {
      connections.exchange(post(), soon());
      assertThat(connections.sweep(System.nanoTime())).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void exchange_usedConnectionWasClosed_isSentOnceMore() throws Exception {
    try (ScriptedServer server = ScriptedServer.closingAfterEach(OK);
        HttpConnections connections = to(server)) {
      assertThat(text(connections.exchange(post(), soon()))).isEqualTo("hi");
      server.awaitClosed();
      assertThat(text(connections.exchange(post(), soon()))).isEqualTo("hi");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void exchange_newConnectionWasClosed_isNotSentAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.answeringOnce("");
        HttpConnections connections = to(server)) {
      assertThat(kindOf(connections, soon())).isEqualTo(Kind.BROKEN);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void exchange_idleForTooLong_connectsAnew() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(OK);
        HttpConnections connections = to(server)) {
      connections.exchange(post(), soon());
      clock.addAndGet(SETTINGS.idle().toNanos());
      connections.exchange(post(), soon());
      assertThat(server.connections()).isEqualTo(2);
      clock.addAndGet(SETTINGS.idle().toNanos());
      connections.sweep(System.nanoTime());
      assertThat(connections.idle()).isZero();
    }
  }

  @Test
  void exchange_allConnectionsTaken_waitsInABoundedQueue() throws Exception {
    try (ScriptedServer server = ScriptedServer.dribbling("");
        HttpConnections connections = to(server);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
      List<Future<Kind>> running =
          List.of(
              callers.submit(() -> kindOf(connections, deadline)),
              callers.submit(() -> kindOf(connections, deadline)));
      while (connections.active() < 2) {
        Thread.onSpinWait();
      }
      Future<Kind> waiting = callers.submit(() -> kindOf(connections, deadline));
      while (connections.waiting() < 1) {
        Thread.onSpinWait();
      }
      assertThat(kindOf(connections, soon())).isEqualTo(Kind.FULL);
      assertThat(waiting.get()).isIn(Kind.BUSY, Kind.TIMEOUT);
      for (Future<Kind> each : running) {
        assertThat(each.get()).isEqualTo(Kind.TIMEOUT);
      }
    }
  }

  @Test
  void exchange_request_hasWhatWasConfiguredAndAsked() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(OK);
        HttpConnections connections =
            new HttpConnections(
                URI.create("http://127.0.0.1:" + server.port() + "/base/"),
                Map.of("Authorization", "Bearer x"),
                SETTINGS)) {
      connections.exchange(post(), soon());
      assertThat(server.received())
          .startsWith("POST /base/v2 HTTP/1.1\r\nhost: 127.0.0.1:" + server.port() + "\r\n")
          .contains("\r\nauthorization: Bearer x\r\n", "\r\ncontent-type: application/json\r\n")
          .contains("\r\ncontent-length: 2\r\n")
          .endsWith("\r\n\r\n{}");
    }
  }

  @Test
  void exchange_afterClose_isUnreachable() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(OK)) {
      HttpConnections connections = to(server);
      connections.exchange(post(), soon());
      connections.close();
      assertThat(connections.idle()).isZero();
      assertThat(kindOf(connections, soon())).isEqualTo(Kind.UNREACHABLE);
    }
  }

  @Test
  void exchange_certificateOfNobody_isRefused() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(OK);
        HttpConnections connections =
            new HttpConnections(
                URI.create("https://127.0.0.1:" + server.port()), Map.of(), SETTINGS)) {
      assertThat(kindOf(connections, soon())).isEqualTo(Kind.UNREACHABLE);
    }
  }

  @ParameterizedTest
  @CsvSource({"'a b', x", "host, x", "Content-Length, 3", "x, 'a\r\nb: c'", "'', x"})
  void open_headerThatCannotBeSent_isRefused(String name, String value) {
    assertThatThrownBy(() ->
            new HttpConnections(URI.create("http://127.0.0.1:1"), Map.of(name, value), SETTINGS))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
