package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.FrameClient.CONTINUATION;
import static weir.FrameClient.DATA;
import static weir.FrameClient.END_HEADERS;
import static weir.FrameClient.END_STREAM;
import static weir.FrameClient.GOAWAY;
import static weir.FrameClient.HEADERS;
import static weir.FrameClient.PING;
import static weir.FrameClient.RST_STREAM;
import static weir.FrameClient.SETTINGS;
import static weir.FrameClient.headers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are slow or greedy over HTTP/2, frame by frame. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileFramesTest {
  private static final int REQUESTS = 40;
  private static final byte[] POST_500 =
      headers("POST", TestGateway.INFER, "content-length", "500");

  @TempDir private static Path state;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws StartRefusedException {
    String yaml =
        """
        http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s, max-requests: %d,
          first-byte-timeout: 1s,
          header-timeout: 1s, body-timeout: 2s, read-timeout: 1s, write-timeout: 1s}
        grpc: {enabled: false}
        repository: {path: %s, warm-up-runs: 1}
        state: %s
        """
            .formatted(REQUESTS, TestGateway.REPOSITORY, state);
    gateway = Gateway.start(Settings.parse(yaml, state.resolve("weir.yaml"), Map.of()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static FrameClient connect() throws IOException {
    return FrameClient.connect(gateway.port());
  }

  @Test
  void body_stopped_isResetAndItsNeighboursServed() throws IOException {
    try (FrameClient client = connect()) {
      client.send(HEADERS, END_HEADERS, 1, POST_500);
      client.send(DATA, 0, 1, (byte) '{');
      client.assertServed(3);
      client.await(frame -> frame.type() == RST_STREAM && frame.stream() == 1);
      client.send(DATA, 0, 1, (byte) ' ');
      client.send(RST_STREAM, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
      client.assertServed(5);
    }
  }

  @Test
  void body_dripped_isResetAndItsNeighboursServed() throws IOException {
    try (FrameClient client = connect()) {
      client.send(HEADERS, END_HEADERS, 1, POST_500);
      while (client.seen().stream().noneMatch(frame -> frame.type() == RST_STREAM)) {
        client.send(DATA, 0, 1, (byte) ' ');
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      client.send(DATA, 0, 1, (byte) ' ');
      client.assertServed(3);
    }
  }

  @Test
  void stream_answeredAndNeverEnded_isReset() throws IOException {
    try (FrameClient client = connect()) {
      client.send(HEADERS, END_HEADERS, 1, headers("GET", "/v2"));
      client.await(frame -> frame.type() == RST_STREAM && frame.stream() == 1);
      client.assertServed(3);
    }
  }

  @Test
  void slowStream_ofAClientThatAnswersNoPing_endsTheConnection() throws IOException {
    try (FrameClient client = FrameClient.connect(gateway.port(), false)) {
      client.send(HEADERS, END_HEADERS, 1, POST_500);
      client.awaitEnd();
    }
  }

  @Test
  void bodies_stalledFromOneAddress_leavePlacesForOthers() throws IOException {
    try (FrameClient client = connect();
        Socket other = new Socket()) {
      for (int stream = 1; stream < 4 * REQUESTS; stream += 2) {
        client.send(HEADERS, END_HEADERS, stream, POST_500);
      }
      client.await(frame -> frame.type() == HEADERS && !frame.ok());
      other.bind(new InetSocketAddress("127.0.0.9", 0));
      other.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
      String body = TestGateway.STONE;
      String head =
          "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
              .formatted(TestGateway.INFER, body.length());
      other.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(other.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }
  }

  /** Bodies that will never come hold no place among the requests once their client is gone. */
  @Test
  void clients_thatLeaveInTheMiddleOfBodies_leaveNothingBehind() throws IOException {
    for (int i = 0; i < 3; i++) {
      try (FrameClient client = connect()) {
        for (int stream = 1; stream < 2 * REQUESTS; stream += 2) {
          client.send(HEADERS, END_HEADERS, stream, POST_500);
        }
        if (i > 0) {
          // Once the server itself gives the connection up.
          client.send(DATA, 0, 0, (byte) 0);
          client.awaitEnd();
        }
      }
    }
    boolean served = false;
    while (!served) {
      try (FrameClient client = connect()) {
        client.send(HEADERS, END_STREAM | END_HEADERS, 1, headers("GET", "/v2"));
        served = client.await(frame -> frame.stream() == 1 && frame.type() == HEADERS).ok();
      }
    }
  }

  @Test
  void headers_neverContinued_endTheConnection() throws IOException {
    try (FrameClient client = connect()) {
      client.send(HEADERS, END_STREAM, 1, headers("GET", "/v2"));
      client.awaitEnd();
    }
  }

  @Test
  void headers_ofAFrameThatDrips_endTheConnection() throws IOException {
    try (FrameClient client = connect()) {
      client.sendSaying(200, HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0x82);
      client.awaitEnd();
    }
  }

  @Test
  void floods_ofFramesThatOnlyCostWork_endTheConnection() throws IOException {
    for (int type : new int[] {CONTINUATION, PING, SETTINGS, DATA}) {
      try (FrameClient client = connect()) {
        if (type == CONTINUATION || type == DATA) {
          client.send(HEADERS, type == DATA ? END_HEADERS : 0, 1, headers("POST", "/v2"));
        }
        int stream = type == CONTINUATION || type == DATA ? 1 : 0;
        while (client.seen().stream().noneMatch(FrameClient.Frame::refusal)) {
          client.send(type, 0, stream, new byte[type == PING ? 8 : 0]);
        }
      } catch (SocketException cut) {
        assertThat(cut).isNotNull();
      }
    }
  }

  @Test
  void resets_rapid_endTheConnection() throws IOException {
    try (FrameClient client = connect()) {
      for (int stream = 1;
          client.seen().stream().noneMatch(it -> it.type() == GOAWAY);
          stream += 2) {
        client.send(HEADERS, END_HEADERS | END_STREAM, stream, headers("GET", "/v2"));
        client.send(RST_STREAM, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
      }
    } catch (SocketException cut) {
      assertThat(cut).isNotNull();
    }
  }

  @Test
  void bytes_beyondTheWindow_endTheConnection() throws IOException {
    try (FrameClient client = connect()) {
      client.send(HEADERS, END_HEADERS, 1, headers("POST", TestGateway.INFER));
      while (client.seen().stream().noneMatch(it -> it.type() == GOAWAY)) {
        // Written in one go: no window update can have come between.
        for (int i = 0; i < 64; i++) {
          client.send(DATA, 0, 1, new byte[16 << 10]);
        }
      }
    } catch (SocketException cut) {
      assertThat(cut).isNotNull();
    }
  }

  @Test
  void clients_cutOff_areCountedByDoorAndReason() throws Exception {
    try (FrameClient client = connect()) {
      client.send(HEADERS, END_HEADERS, 1, POST_500);
      client.await(frame -> frame.type() == RST_STREAM);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      String metrics =
          client
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + gateway.managementPort() + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      assertThat(metrics)
          .containsPattern("weir_clients_cut_total\\{door=\"http\",reason=\"slow_body\"\\} [1-9]")
          .contains("weir_clients_cut_total{door=\"management\",reason=\"flood\"} 0.0");
    }
  }
}
