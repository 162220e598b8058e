package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.FrameClient.CONTINUATION;
import static weir.FrameClient.DATA;
import static weir.FrameClient.END_HEADERS;
import static weir.FrameClient.END_STREAM;
import static weir.FrameClient.HEADERS;
import static weir.FrameClient.PING;
import static weir.FrameClient.SETTINGS;
import static weir.FrameClient.WINDOW_UPDATE;
import static weir.FrameClient.headers;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that break HTTP/2's rules. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WrongFramesTest {
  @TempDir private static Path state;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws StartRefusedException {
    String yaml =
        """
        http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s}
        grpc: {enabled: false}
        repository: {path: %s, warm-up-runs: 1}
        state: %s
        """
            .formatted(TestGateway.REPOSITORY, state);
    gateway = Gateway.start(Settings.parse(yaml, state.resolve("weir.yaml"), Map.of()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @FunctionalInterface
  interface Wrong {
    void send(FrameClient client) throws IOException;
  }

  private static Arguments wrong(String name, Wrong wrong) {
    return Arguments.of(name, wrong);
  }

  private static Stream<Arguments> wrongFrames() {
    byte[] stone = TestGateway.STONE.getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        wrong(
            "more data than content-length",
            client -> {
              client.send(
                  HEADERS,
                  END_HEADERS,
                  1,
                  headers("POST", TestGateway.INFER, "content-length", "4"));
              client.send(DATA, END_STREAM, 1, stone);
            }),
        wrong(
            "less data than content-length",
            client -> {
              client.send(
                  HEADERS,
                  END_HEADERS,
                  1,
                  headers("POST", TestGateway.INFER, "content-length", "999"));
              client.send(DATA, END_STREAM, 1, stone);
            }),
        wrong(
            "two content-lengths",
            client -> {
              String length = Integer.toString(stone.length);
              client.send(
                  HEADERS,
                  END_HEADERS,
                  1,
                  headers(
                      "POST", TestGateway.INFER, "content-length", length, "content-length", "4"));
              client.send(DATA, END_STREAM, 1, stone);
            }),
        wrong("data on a stream that never began", client -> client.send(DATA, 0, 1, stone)),
        wrong("data on stream 0", client -> client.send(DATA, 0, 0, stone)),
        wrong(
            "an even stream",
            client -> client.send(HEADERS, END_HEADERS | END_STREAM, 2, headers("GET", "/v2"))),
        wrong("a continuation of nothing", client -> client.send(CONTINUATION, END_HEADERS, 1)),
        wrong(
            "another frame inside a block of headers",
            client -> {
              client.send(HEADERS, 0, 1, headers("GET", "/v2"));
              client.send(PING, 0, 0, new byte[8]);
            }),
        wrong(
            "a header list beyond 16 KiB",
            client -> {
              client.send(HEADERS, 0, 1, headers("GET", "/v2"));
              for (int i = 0; i < 20; i++) {
                client.send(
                    CONTINUATION, 0, 1, headers("x", "y".repeat(120), "z", "z".repeat(100)));
                client.send(CONTINUATION, 0, 1, new byte[1_000]);
              }
            }),
        wrong(
            "headers that are no HPACK",
            client -> client.send(HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0xff, (byte) 0xff)),
        wrong(
            "an upper-case header",
            client ->
                client.send(
                    HEADERS, END_HEADERS | END_STREAM, 1, headers("GET", "/v2", "X-Bad", "1"))),
        wrong(
            "a line break in a header",
            client ->
                client.send(
                    HEADERS, END_HEADERS | END_STREAM, 1, headers("GET", "/v2", "x", "1\r\ny: 2"))),
        wrong("settings of five bytes", client -> client.send(SETTINGS, 0, 0, new byte[5])),
        wrong("settings of a stream", client -> client.send(SETTINGS, 0, 1, new byte[6])),
        wrong(
            "a window of 2^31 in settings",
            client ->
                client.send(
                    SETTINGS, 0, 0, (byte) 0, (byte) 4, (byte) 0x80, (byte) 0, (byte) 0, (byte) 0)),
        wrong("a ping of one byte", client -> client.send(PING, 0, 0, (byte) 1)),
        wrong(
            "a window that grows by nothing",
            client -> client.send(WINDOW_UPDATE, 0, 0, new byte[4])),
        wrong(
            "a window that overflows",
            client -> {
              byte[] most = {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
              client.send(WINDOW_UPDATE, 0, 0, most);
              client.send(WINDOW_UPDATE, 0, 0, most);
            }),
        wrong(
            "a frame beyond the frame size",
            client -> client.sendSaying(1 << 20, DATA, 0, 1, new byte[16])));
  }

  /** Each wrong frame is followed by a sound request, which the wrong one must not poison. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongFrames")
  void frames_wrong_areNeverServed(String name, Wrong wrong) throws IOException {
    try (FrameClient client = FrameClient.connect(gateway.port())) {
      try {
        wrong.send(client);
      } catch (SocketException cut) {
        assertThat(cut).as(name).isNotNull();
      }
      client.await(FrameClient.Frame::refusal);
      assertThat(client.seen()).as(name).noneMatch(it -> it.stream() == 1 && it.ok());
    }
  }
}
