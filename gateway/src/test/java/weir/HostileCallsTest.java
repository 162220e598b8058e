package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.FrameClient.DATA;
import static weir.FrameClient.END_HEADERS;
import static weir.FrameClient.END_STREAM;
import static weir.FrameClient.GOAWAY;
import static weir.FrameClient.HEADERS;
import static weir.FrameClient.PING;
import static weir.FrameClient.SETTINGS;
import static weir.FrameClient.headers;

import inference.GRPCInferenceServiceGrpc;
import inference.ServerLiveRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of the gRPC door that are slow, wrong or too many, frame by frame. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileCallsTest {
  private static final int PER_ADDRESS = 8;
  private static final String SERVICE = "/inference.GRPCInferenceService/";

  /** "A message of 16 MiB follows", uncompressed. */
  private static final byte[] LARGE = {0, 1, 0, 0, 0};

  private static final byte[] EMPTY_MESSAGE = new byte[5];

  @TempDir private static Path state;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws StartRefusedException {
    String yaml =
        """
        http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s}
        grpc: {port: 0, drain: 1s, first-byte-timeout: 1s, body-timeout: 2s, read-timeout: 1s,
          write-timeout: 1s, idle-timeout: 2s, max-connections-per-address: %d}
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

  private static FrameClient connect() throws IOException {
    return FrameClient.connect(gateway.grpcPort());
  }

  private static void begin(FrameClient client, int stream, String method) throws IOException {
    client.send(
        HEADERS,
        END_HEADERS,
        stream,
        headers("POST", SERVICE + method, "content-type", "application/grpc", "te", "trailers"));
  }

  /** Waits for the end of that call: trailers or a reset. */
  private static void awaitEnd(FrameClient client, int stream) {
    client.await(frame ->
        frame.stream() == stream
            && (frame.refusal() || (frame.type() == HEADERS && (frame.flags() & END_STREAM) != 0)));
  }

  private static void assertServed(FrameClient client, int stream) throws IOException {
    begin(client, stream, "ServerLive");
    client.send(DATA, END_STREAM, stream, EMPTY_MESSAGE);
    client.await(frame -> frame.stream() == stream && frame.type() == DATA);
  }

  @Test
  void connections_silentOrWithHalfAPreface_areClosed() throws IOException {
    for (String said : List.of("", "PRI * HTT")) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.grpcPort())) {
        socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
        while (socket.getInputStream().read() >= 0) {
          // The server's settings may come first.
        }
      } catch (SocketException reset) {
        assertThat(reset).isNotNull();
      }
    }
  }

  @Test
  void calls_whoseMessageNeverComes_endAndTheirNeighboursAreServed() throws IOException {
    try (FrameClient client = connect()) {
      begin(client, 1, "ModelInfer");
      begin(client, 3, "ModelInfer");
      client.send(DATA, 0, 3, LARGE);
      begin(client, 5, "ModelStreamInfer");
      client.send(DATA, 0, 5, LARGE);
      client.send(DATA, 0, 5, (byte) 1);
      begin(client, 7, "ServerLive");
      client.send(DATA, 0, 7, EMPTY_MESSAGE);
      assertServed(client, 9);
      for (int stream = 1; stream < 9; stream += 2) {
        awaitEnd(client, stream);
      }
      assertServed(client, 11);
    }
  }

  @Test
  void message_dripped_endsTheCall() throws IOException {
    try (FrameClient client = connect()) {
      begin(client, 1, "ModelInfer");
      client.send(DATA, 0, 1, LARGE);
      while (client.seen().stream().noneMatch(it -> it.stream() == 1)) {
        client.send(DATA, 0, 1, (byte) 0);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      assertServed(client, 3);
    }
  }

  @Test
  void stream_withoutAMessageForTheIdleTime_ends() throws IOException {
    try (FrameClient client = connect()) {
      begin(client, 1, "ModelStreamInfer");
      awaitEnd(client, 1);
    }
  }

  @Test
  void answer_neverTaken_endsTheConnection() throws IOException {
    try (FrameClient client = connect()) {
      client.send(SETTINGS, 0, 0, (byte) 0, (byte) 4, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
      begin(client, 1, "ServerMetadata");
      client.send(DATA, END_STREAM, 1, EMPTY_MESSAGE);
      client.awaitEnd();
    }
  }

  @Test
  void pings_tooMany_endTheConnection() throws IOException {
    try (FrameClient client = connect()) {
      while (client.seen().stream().noneMatch(it -> it.type() == GOAWAY)) {
        client.send(PING, 0, 0, new byte[8]);
      }
    } catch (SocketException cut) {
      assertThat(cut).isNotNull();
    }
  }

  @Test
  void connections_ofOneAddressBeyondItsShare_areClosedAndCounted() throws Exception {
    List<FrameClient> held = new ArrayList<>();
    try {
      boolean refused = false;
      while (!refused) {
        refused = !served(held);
        assertThat(held).hasSizeLessThanOrEqualTo(PER_ADDRESS + 1);
      }
    } finally {
      for (FrameClient client : held) {
        client.close();
      }
    }
    assertThat(metrics())
        .containsPattern("weir_clients_cut_total\\{door=\"grpc\",reason=\"too_many\"\\} [1-9]");
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort()).usePlaintext().build();
    try {
      assertThat(
              GRPCInferenceServiceGrpc.newBlockingStub(channel)
                  .withWaitForReady()
                  .withDeadlineAfter(60, TimeUnit.SECONDS)
                  .serverLive(ServerLiveRequest.getDefaultInstance())
                  .getLive())
          .isTrue();
    } finally {
      channel.shutdownNow();
    }
  }

  private static boolean served(List<FrameClient> held) {
    try {
      FrameClient client = connect();
      held.add(client);
      assertServed(client, 1);
      return true;
    } catch (AssertionError | IOException closed) {
      return false;
    }
  }

  private static String metrics() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + gateway.managementPort() + "/metrics");
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
