package weir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.InferParameter;
import inference.ModelInferRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.journal.JournalSettings;

/** The largest requests from many clients at once, in a process with little memory. */
@Tag("alone")
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SmallHeapTest {
  private static final int CLIENTS = 10;
  private static final int EACH = 1;
  private static final int LARGE = 15 << 20;

  /** How a Java virtual machine ends that has no memory left. */
  private static final int OUT_OF_MEMORY = 3;

  @TempDir private Path folder;

  @Test
  void requests_largestFromManyClients_areShedAndTheGatewayServesOn() throws Exception {
    Path repository = ChildGateway.repository(folder, "healthy");
    try (ChildGateway gateway =
            ChildGateway.start(
                folder,
                repository,
                JournalSettings.defaults(),
                "{}",
                "http: {port: 0, management-port: 0, lame-duck: 0s, drain: 1s}",
                "-Xmx96m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError");
        HttpClient client = HttpClient.newHttpClient()) {
      ManagedChannel channel = NettyChannelBuilder.forTarget(gateway.grpc()).usePlaintext().build();
      Queue<String> said = new ConcurrentLinkedQueue<>();
      List<Thread> clients = new ArrayList<>();
      byte[] body = body();
      ModelInferRequest message = message();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(Thread.startVirtualThread(() -> post(client, gateway.inference(), body, said)));
        clients.add(Thread.startVirtualThread(() -> call(channel, message, said)));
      }
      for (Thread each : clients) {
        each.join();
      }
      channel.shutdownNow();

      assertThat(said).hasSize(2 * CLIENTS * EACH);
      assertThat(said)
          .containsAnyOf("200", "INVALID_ARGUMENT")
          .isSubsetOf("200", "503", "gone", "INVALID_ARGUMENT", "UNAVAILABLE");
      assertThat(gateway.infer("ann", 1).status()).isEqualTo(200);
    }
  }

  /** A small question in a large body. */
  private static byte[] body() {
    return ("{"
            + " ".repeat(LARGE)
            + "\"inputs\":"
            + "[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}]}")
        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** Read whole, it is refused for its long parameter. */
  private static ModelInferRequest message() {
    return ModelInferRequest.newBuilder()
        .setModelName(ChildGateway.MODEL)
        .putParameters(
            "comment", InferParameter.newBuilder().setStringParam(" ".repeat(LARGE)).build())
        .addInputs(
            ModelInferRequest.InferInputTensor.newBuilder()
                .setName("x")
                .setDatatype("FP32")
                .addShape(1)
                .addShape(1))
        .addRawInputContents(
            ByteString.copyFrom(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 1)))
        .build();
  }

  private static void post(HttpClient client, URI gateway, byte[] body, Queue<String> said) {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve("/v2/models/" + ChildGateway.MODEL + "/infer"))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    for (int i = 0; i < EACH; i++) {
      try {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        said.add(Integer.toString(answer.statusCode()));
      } catch (java.net.http.HttpTimeoutException limbo) {
        said.add("limbo");
      } catch (IOException closed) {
        // A refusal whose rest of the body nobody read.
        said.add("gone");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void call(ManagedChannel channel, ModelInferRequest message, Queue<String> said) {
    for (int i = 0; i < EACH; i++) {
      try {
        GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .modelInfer(message);
        said.add("OK");
      } catch (StatusRuntimeException refused) {
        said.add(refused.getStatus().getCode().name());
      }
    }
  }

  /** Out of memory a process ends, so that another takes its place; it does not limp on. */
  @Test
  void launchers_all_endTheProcessThatIsOutOfMemory() throws IOException {
    for (String file : List.of("../ops/weir", "../ops/dist/options")) {
      assertThat(Files.readString(Path.of(file))).as(file).contains("-XX:+ExitOnOutOfMemoryError");
    }
  }

  @Test
  void start_inAHeapTooSmall_endsAndSaysWhy() throws Exception {
    Process process =
        ChildGateway.launch(
            folder,
            ChildGateway.repository(folder, "healthy"),
            JournalSettings.defaults(),
            "{}",
            "http: {port: 0, management-port: 0}",
            "-Xmx7m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError");
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
      assertThat(process.exitValue()).isEqualTo(OUT_OF_MEMORY);
      assertThat(said).contains("java.lang.OutOfMemoryError");
    } finally {
      process.destroyForcibly();
    }
  }
}
