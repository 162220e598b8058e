package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.notice.Notice;

/** The live stream of a real gateway, read as a client reads it. */
@Timeout(60)
class EventStreamTest {
  private static final Instant AT = Instant.parse("2026-01-05T12:00:00Z");
  private static final int STREAMS_MAX = 2;

  private Gateway gateway;

  @BeforeEach
  void start(@TempDir Path state) throws Exception {
    String yaml =
        """
        http: {port: 0, management-port: 0, drain: 20s}
        grpc: {port: 0}
        repository: {path: %s, warm-up-runs: 1}
        notices: {kept-max: 8, streams-max: %d, keep-alive: 50ms}
        """
            .formatted(TestGateway.REPOSITORY, STREAMS_MAX);
    gateway = Gateway.start(Settings.parse(yaml, state.resolve("weir.yaml"), Map.of()));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private Notice publish(String model, String words) {
    return gateway.notices().publish(new Notice(0, AT, "drift", model, "1", words, "{\"x\": 1}"));
  }

  /** One client of the stream, on a connection of its own. */
  private final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Client(String target, String... headers) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), gateway.managementPort());
      socket.setSoTimeout(20_000);
      String request =
          "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n"
              .formatted(
                  target, String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList()));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    String status() throws IOException {
      return in.readLine();
    }

    /** Reads on to the first keep-alive: the stream is open. */
    Client opened() throws IOException {
      line(":");
      return this;
    }

    String line(String start) throws IOException {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(start)) {
          return line;
        }
      }
      throw new AssertionError("the stream ended before " + start);
    }

    /** The id, event and data of the next event. */
    List<String> event() throws IOException {
      List<String> lines = new ArrayList<>();
      lines.add(line("id: "));
      lines.add(in.readLine());
      lines.add(in.readLine());
      return lines;
    }

    boolean ended() throws IOException {
      String line = in.readLine();
      while (line != null && !line.equals("0")) {
        line = in.readLine();
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void stream_publishedNotice_isSentAtOnceAsAnEvent() throws Exception {
    try (Client client = new Client("/admin/events")) {
      assertThat(client.status()).startsWith("HTTP/1.1 200");
      assertThat(client.line("Content-Type")).isEqualTo("Content-Type: text/event-stream");
      client.opened();

      Notice notice = publish("m", "it moved");

      assertThat(client.event())
          .containsExactly(
              "id: " + notice.id(),
              "event: drift",
              "data: {\"id\":%d,\"at\":\"2026-01-05T12:00:00Z\",\"type\":\"drift\",\"model\":\"m\",\"variant\":\"1\",\"words\":\"it moved\",\"details\":{\"x\": 1}}"
                  .formatted(notice.id()));
    }
  }

  @Test
  void stream_lastEventId_resumesAfterIt() throws Exception {
    Notice first = publish("m", "a");
    Notice second = publish("m", "b");

    try (Client client = new Client("/admin/events", "Last-Event-ID: " + first.id())) {
      assertThat(client.event().getFirst()).isEqualTo("id: " + second.id());
    }
    try (Client client = new Client("/admin/events", "Last-Event-ID: 7")) {
      assertThat(client.event()).contains("event: missed").contains("id: " + (first.id() - 1));
      assertThat(client.event().getFirst()).isEqualTo("id: " + first.id());
    }
    try (Client client = new Client("/admin/events", "Last-Event-ID: x")) {
      assertThat(client.status()).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void stream_model_getsItsOwnNoticesOnly() throws Exception {
    try (Client client = new Client("/admin/events?model=b").opened()) {
      publish("a", "not this");
      Notice wanted = publish("b", "this");

      assertThat(client.event().getFirst()).isEqualTo("id: " + wanted.id());
    }
  }

  @Test
  void stream_overTheLimit_is503UntilAClientLeaves() throws Exception {
    try (Client first = new Client("/admin/events").opened()) {
      try (Client _ = new Client("/admin/events").opened();
          Client refused = new Client("/admin/events")) {
        assertThat(refused.status()).startsWith("HTTP/1.1 503");
      }
      await(() -> {
        try (Client next = new Client("/admin/events")) {
          return next.status().startsWith("HTTP/1.1 200");
        }
      });
      publish("m", "still here");
      assertThat(first.event()).contains("event: drift");
    }
  }

  @Test
  void close_openStreams_endAtOnce() throws Exception {
    try (Client reading = new Client("/admin/events").opened();
        Client _ = new Client("/admin/events").opened()) {
      String large = "x".repeat(2 << 20);
      for (int i = 0; i < 10; i++) {
        publish("m", large);
        assertThat(reading.event()).hasSize(3);
      }

      long start = System.nanoTime();
      gateway.close();

      assertThat(reading.ended()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void stream_clientThatDoesNotRead_isClosedAndCounted() throws Exception {
    try (Client _ = new Client("/admin/events").opened()) {
      String large = "x".repeat(1 << 20);
      await(() -> {
        publish("m", large);
        return scrape().contains("weir_notices_total{result=\"dropped\",sink=\"stream\"} 1.0");
      });
    }
  }

  private String scrape() throws IOException {
    URI metrics = URI.create("http://127.0.0.1:" + gateway.managementPort() + "/metrics");
    try (InputStream in = metrics.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).describedAs("not in time").isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }
}
