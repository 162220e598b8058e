package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import inference.GRPCInferenceServiceGrpc;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers hear from both doors when a variant has as much to do as it may. */
@Timeout(120)
class OverloadDoorTest {
  private static final int PLACES = 8;
  private static final String BODY =
      """
      {"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[1]}]}\
      """;

  @TempDir private Path state;

  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore released = new Semaphore(0);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer upstream;
  private TestGateway gateway;
  private HttpClient greedy;
  private HttpClient light;

  @BeforeEach
  void start() throws Exception {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.setExecutor(threads);
    upstream.createContext("/health", exchange -> answer(exchange, "{}"));
    upstream.createContext("/predict", this::predict);
    upstream.start();
    gateway =
        TestGateway.start(
            TestGateway.REPOSITORY,
            state,
            """
            slow:
              routing: {policy: {fixed: far}}
              serving: {deadline: 60s}
              variants:
                far: {protocol: json, endpoints: ["http://127.0.0.1:%d/predict"], health: {path: /health},
                      json: {layout: objects, outputs: {y: "/y/*"}}, resilience: {concurrency: %d},
                      inputs: [{name: x, datatype: FP32, shape: [-1, 1]}],
                      outputs: [{name: y, datatype: FP32, shape: [-1, 1]}]}
            """
                .formatted(upstream.getAddress().getPort(), PLACES));
    greedy = from("127.0.0.1");
    light = from("127.0.0.2");
  }

  @AfterEach
  void stop() {
    released.release(1_000);
    greedy.close();
    light.close();
    gateway.close();
    upstream.stop(0);
    threads.close();
  }

  private static HttpClient from(String address) throws IOException {
    return HttpClient.newBuilder().localAddress(InetAddress.getByName(address)).build();
  }

  private void predict(HttpExchange exchange) throws IOException {
    arrived.release();
    released.acquireUninterruptibly();
    answer(exchange, "{\"y\":[1]}");
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private HttpResponse<String> post(HttpClient client) {
    try {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:" + gateway.gateway().port() + "/v2/models/slow/infer"))
              .POST(HttpRequest.BodyPublishers.ofString(BODY))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A request that has reached the server, and stays there. */
  private CompletableFuture<HttpResponse<String>> held(HttpClient client) throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(() -> post(client), threads);
    assertThat(arrived.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    return answer;
  }

  private List<CompletableFuture<HttpResponse<String>>> fill() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      answers.add(held(greedy));
    }
    return answers;
  }

  private static void assertRefused(HttpResponse<String> refusal, int status, String words) {
    assertThat(refusal.statusCode()).as(refusal.body()).isEqualTo(status);
    assertThat(refusal.headers().firstValue("retry-after")).hasValue("1");
    assertThat(refusal.body()).startsWith("{\"error\":\"").contains(words);
  }

  @Test
  void http_full_saysSoToAllAndToTheGreedyThatItsShareIsInUse() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = fill();

    assertRefused(post(greedy), 503, "as many as it is given at once");
    assertRefused(post(light), 503, "as many as it is given at once");
    released.release();
    CompletableFuture.anyOf(answers.toArray(CompletableFuture<?>[]::new)).get(60, TimeUnit.SECONDS);
    CompletableFuture<HttpResponse<String>> served = held(light);
    assertRefused(post(greedy), 429, "your own share");
    released.release(1_000);

    assertThat(served.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(gateway.management("/metrics").body())
        .contains("weir_refusals_total{model=\"slow\",reason=\"over_share\"} 1.0")
        .contains("weir_refusals_total{model=\"slow\",reason=\"overloaded\"} 2.0")
        .contains("weir_backend_concurrency_limit{model=\"slow\",variant=\"far\"} 8.0");
  }

  @Test
  void grpc_full_saysSoAndToTheGreedyThatItsShareIsInUse() throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.gateway().grpcPort())
            .usePlaintext()
            .build();
    try {
      List<CompletableFuture<HttpResponse<String>>> answers = fill();

      assertRefused(infer(channel), Status.Code.UNAVAILABLE, "as many as it is given at once");
      released.release();
      CompletableFuture.anyOf(answers.toArray(CompletableFuture<?>[]::new))
          .get(60, TimeUnit.SECONDS);
      CompletableFuture<HttpResponse<String>> served = held(light);

      assertRefused(infer(channel), Status.Code.RESOURCE_EXHAUSTED, "your own share");
      released.release(1_000);
      assertThat(served.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    } finally {
      channel.shutdownNow();
    }
  }

  private static StatusRuntimeException infer(ManagedChannel channel) {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("slow");
    request
        .addInputsBuilder()
        .setName("x")
        .setDatatype("FP32")
        .addShape(1)
        .addShape(1)
        .setContents(InferTensorContents.newBuilder().addFp32Contents(1));
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () -> GRPCInferenceServiceGrpc.newBlockingStub(channel).modelInfer(request.build()));
  }

  private static void assertRefused(
      StatusRuntimeException refusal, Status.Code code, String words) {
    assertThat(refusal.getStatus().getCode()).isEqualTo(code);
    assertThat(refusal.getStatus().getDescription()).contains(words);
    Metadata.Key<String> pushback =
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
    assertThat(refusal.getTrailers().get(pushback)).isEqualTo("1000");
  }
}
