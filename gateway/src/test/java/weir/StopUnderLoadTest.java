package weir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelStreamInferResponse;
import inference.ServerMetadataRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.journal.JournalSettings;

/** SIGTERM while clients ask without a pause on connections that they keep. */
@Tag("alone")
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopUnderLoadTest {
  private static final int CLIENTS = 4;
  private static final int BEFORE_THE_SIGNAL = 20;

  @TempDir private Path folder;
  private Path repository = Path.of("");
  private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
  private final CountDownLatch warm = new CountDownLatch(CLIENTS * BEFORE_THE_SIGNAL);

  @BeforeEach
  void copyModel() throws Exception {
    repository = ChildGateway.repository(folder, "healthy");
  }

  private ChildGateway gateway() throws IOException {
    return ChildGateway.start(
        folder,
        repository,
        JournalSettings.defaults(),
        "{}",
        "http: {port: 0, management-port: 0, lame-duck: 1s, drain: 20s}",
        "");
  }

  /** Runs {@code exchange} over and over in each client until it says that it was told to leave. */
  private void stopUnder(ChildGateway gateway, List<Callable<Boolean>> clients) throws Exception {
    List<Thread> threads =
        clients.stream().map(client -> Thread.startVirtualThread(() -> ask(client))).toList();
    warm.await();
    gateway.terminate();
    int exit = gateway.exitCode();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(broken).isEmpty();
    assertThat(exit).isZero();
  }

  private void ask(Callable<Boolean> exchange) {
    try {
      while (exchange.call()) {
        warm.countDown();
      }
    } catch (Exception e) {
      broken.add(e);
      for (int i = 0; i < BEFORE_THE_SIGNAL; i++) {
        warm.countDown();
      }
    }
  }

  private static Callable<Boolean> keptConnection(URI uri) throws IOException {
    Socket socket = new Socket(uri.getHost(), uri.getPort());
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    return () -> {
      socket
          .getOutputStream()
          .write("GET /v2 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      boolean more = true;
      int length = 0;
      String line = in.readLine();
      if (line == null || !line.contains("200")) {
        throw new IOException("no answer but " + line);
      }
      while (!line.isEmpty()) {
        String lower = line.toLowerCase(java.util.Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(lower.substring(15).strip());
        }
        more &= !lower.equals("connection: close");
        line = in.readLine();
      }
      assertThat(in.skip(length)).isEqualTo(length);
      if (!more) {
        socket.close();
      }
      return more;
    };
  }

  @Test
  void http1_keptConnections_seeNoBrokenExchange() throws Exception {
    try (ChildGateway gateway = gateway()) {
      List<Callable<Boolean>> clients = new java.util.ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(keptConnection(gateway.inference()));
      }
      stopUnder(gateway, clients);
    }
  }

  /** Until the gateway is not ready any more; then this client, as a load balancer, leaves. */
  private static Callable<Boolean> http2(HttpClient client, URI uri) {
    HttpRequest ready =
        HttpRequest.newBuilder(uri.resolve("/v2/health/ready"))
            .version(HttpClient.Version.HTTP_2)
            .build();
    AtomicBoolean told = new AtomicBoolean();
    return () -> {
      HttpResponse<String> answer = client.send(ready, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isIn(200, 503);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      told.set(answer.statusCode() == 503);
      return !told.get();
    };
  }

  @Test
  void http2_multiplexedRequests_seeNoBrokenExchange() throws Exception {
    try (ChildGateway gateway = gateway();
        HttpClient client = HttpClient.newHttpClient()) {
      client.send(
          HttpRequest.newBuilder(gateway.inference()).build(),
          HttpResponse.BodyHandlers.discarding());
      List<Callable<Boolean>> clients = new java.util.ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(http2(client, gateway.inference()));
      }
      stopUnder(gateway, clients);
    }
  }

  @Test
  void grpc_callsUntilTheChannelIsTold_areAllAnswered() throws Exception {
    try (ChildGateway gateway = gateway()) {
      ManagedChannel channel = NettyChannelBuilder.forTarget(gateway.grpc()).usePlaintext().build();
      var stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
      Callable<Boolean> client =
          () -> {
            stub.serverMetadata(ServerMetadataRequest.getDefaultInstance());
            return stub.serverReady(inference.ServerReadyRequest.getDefaultInstance()).getReady();
          };
      stopUnder(gateway, java.util.Collections.nCopies(CLIENTS, client));
      channel.shutdownNow();
    }
  }

  /** The gRPC call is held open until HTTP has told its clients to leave. */
  @Test
  void doors_bothInUse_drainAtTheSameTime() throws Exception {
    try (ChildGateway gateway = gateway()) {
      ManagedChannel channel = NettyChannelBuilder.forTarget(gateway.grpc()).usePlaintext().build();
      BlockingQueue<Optional<ModelStreamInferResponse>> answers = new LinkedBlockingQueue<>();
      StreamObserver<ModelInferRequest> call =
          GRPCInferenceServiceGrpc.newStub(channel).modelStreamInfer(new Answers(answers));
      call.onNext(ModelInferRequest.getDefaultInstance());
      assertThat(answers.take()).isPresent();
      Callable<Boolean> kept = keptConnection(gateway.inference());
      assertThat(kept.call()).isTrue();

      gateway.terminate();
      boolean more = true;
      while (more) {
        more = kept.call();
      }
      call.onNext(ModelInferRequest.getDefaultInstance());
      assertThat(answers.take()).isPresent();
      call.onCompleted();
      assertThat(answers.take()).isEmpty();

      assertThat(gateway.exitCode()).isZero();
      channel.shutdownNow();
    }
  }

  /** Answers as they come; an empty one is the end. */
  private record Answers(BlockingQueue<Optional<ModelStreamInferResponse>> queue)
      implements StreamObserver<ModelStreamInferResponse> {
    @Override
    public void onNext(ModelStreamInferResponse answer) {
      queue.add(Optional.of(answer));
    }

    @Override
    public void onError(Throwable broken) {
      queue.add(Optional.empty());
    }

    @Override
    public void onCompleted() {
      queue.add(Optional.empty());
    }
  }

  @Test
  void journal_afterAStopUnderCommands_holdsTheLastThatWasAcknowledged() throws Exception {
    repository = ChildGateway.repository(folder.resolve("two"), "healthy", "healthy");
    AtomicLong acknowledged = new AtomicLong();
    try (ChildGateway gateway = gateway();
        SteadyClients _ = SteadyClients.start(gateway, 2, Duration.ofMillis(1), 100, 1)) {
      Thread commands = Thread.startVirtualThread(() -> divide(gateway, acknowledged));
      while (acknowledged.get() < 10) {
        Thread.onSpinWait();
      }
      gateway.terminate();
      assertThat(gateway.exitCode()).isZero();
      commands.join();
    }
    assertThat(broken).isEmpty();
    try (ChildGateway again = gateway()) {
      JsonNode model = again.model();
      assertThat(model.path("revision").asLong()).isEqualTo(acknowledged.get());
    }
  }

  /** Divides the traffic anew until the gateway is gone; each revision says its own share. */
  private void divide(ChildGateway gateway, AtomicLong acknowledged) {
    try {
      for (int share = 1; true; share = share % 99 + 1) {
        HttpResponse<String> answer =
            gateway.command(
                "/split",
                "{\"weights\": {\"1\": %d, \"2\": %d}, \"why\": \"a test\"}"
                    .formatted(100 - share, share));
        if (answer.statusCode() == 200) {
          acknowledged.set(new JsonMapper().readTree(answer.body()).path("revision").asLong());
        }
      }
    } catch (IOException gone) {
      // It stopped; what it acknowledged until then is what counts.
    } catch (Exception e) {
      broken.add(e);
    }
  }
}
