package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.PublicGateway;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.observation.TracingSettings;
import weir.remote.RemoteFailure.Kind;

class GrpcEndpointTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir private Path state;

  private final GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.system());
  private final Tracing tracing = Tracing.create(TracingSettings.defaults(), "test", metrics);

  @AfterEach
  void close() {
    tracing.close();
    metrics.close();
  }

  private GrpcEndpoint endpoint(int port) {
    return GrpcEndpoint.open(
        settings(16 << 20),
        URI.create("http://127.0.0.1:" + port),
        new Variant("local", "far"),
        tracing);
  }

  private static RemoteSettings settings(long maxAnswerBytes) {
    RemoteSettings defaults = RemoteSettings.defaults();
    ConnectionSettings connections = defaults.connections();
    return new RemoteSettings(
        RemoteSettings.Protocol.GRPC,
        List.of(),
        Optional.of("plain-30"),
        Optional.of("1"),
        false,
        Map.of("Authorization", "Bearer t"),
        Optional.empty(),
        defaults.json(),
        List.of(),
        List.of(),
        new ConnectionSettings(
            connections.max(),
            connections.maxQueued(),
            connections.idle(),
            connections.connectTimeout(),
            maxAnswerBytes),
        defaults.health(),
        defaults.resilience());
  }

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  private static InferenceRequest request(ModelSignature signature, int values) {
    return new InferenceRequest(
        "local",
        "",
        "7",
        Headers.NONE,
        List.of(
            Tensor.ofFloats(
                signature.inputs().getFirst().name(), Shape.of(1, values), new float[values])),
        List.of(),
        Map.of(),
        in(PATIENCE));
  }

  private static RemoteFailure failure(GrpcEndpoint endpoint, Duration patience) {
    return catchThrowableOfType(
        RemoteFailure.class,
        () ->
            endpoint.infer(
                new InferenceRequest(
                    "local",
                    "",
                    "",
                    Headers.NONE,
                    List.of(Tensor.ofFloats("x", Shape.of(1), 1F)),
                    List.of("y"),
                    Map.of(),
                    0),
                in(patience)));
  }

  @Test
  void infer_againstAnotherWeir_answersDescribesAndProbes() throws Exception {
    try (PublicGateway far = PublicGateway.start(state);
        GrpcEndpoint endpoint = endpoint(far.grpcPort())) {
      ModelSignature signature = endpoint.describe(in(PATIENCE));
      List<Tensor> outputs = endpoint.infer(request(signature, 30), in(PATIENCE));

      endpoint.probe(in(PATIENCE));
      assertThat(outputs)
          .extracting(Tensor::name)
          .containsExactlyElementsOf(
              signature.outputs().stream().map(each -> each.name()).toList());
      RemoteFailure refused =
          catchThrowableOfType(
              RemoteFailure.class, () -> endpoint.infer(request(signature, 29), in(PATIENCE)));
      assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
    }
  }

  @Test
  void infer_statuses_becomeKinds() throws Exception {
    Map<Status, Kind> kinds =
        Map.of(
            Status.INVALID_ARGUMENT, Kind.REFUSED,
            Status.RESOURCE_EXHAUSTED, Kind.BUSY,
            Status.UNAVAILABLE, Kind.FAILED,
            Status.DEADLINE_EXCEEDED, Kind.TIMEOUT,
            Status.INTERNAL, Kind.FAILED,
            Status.UNIMPLEMENTED, Kind.FAILED);
    for (Map.Entry<Status, Kind> each : kinds.entrySet()) {
      RemoteFailure failure =
          answered(
              16 << 20, answers -> answers.onError(each.getKey().asRuntimeException()), PATIENCE);
      assertThat(failure.kind()).describedAs(each.getKey().toString()).isEqualTo(each.getValue());
    }
  }

  @Test
  void infer_unavailableWithPause_isBusyForThatLong() throws Exception {
    Metadata trailers = new Metadata();
    trailers.put(
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), "1500");

    RemoteFailure failure =
        answered(
            16 << 20,
            answers -> answers.onError(Status.UNAVAILABLE.asRuntimeException(trailers)),
            PATIENCE);

    assertThat(failure.kind()).isEqualTo(Kind.BUSY);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void infer_silentServer_endsAtTheDeadline() throws Exception {
    RemoteFailure failure = answered(16 << 20, answers -> {}, Duration.ofMillis(300));

    assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void infer_answerTooLargeOrUnreadable_isInvalid() throws Exception {
    assertThat(answered(2_000, answers -> one(answers, "y", new byte[4_000]), PATIENCE).kind())
        .isEqualTo(Kind.INVALID);
    assertThat(answered(2_000, answers -> one(answers, "y", new byte[3]), PATIENCE).kind())
        .isEqualTo(Kind.INVALID);
    assertThat(answered(2_000, answers -> one(answers, "z", new byte[4]), PATIENCE).kind())
        .isEqualTo(Kind.INVALID);
  }

  private static void one(StreamObserver<ModelInferResponse> answers, String name, byte[] raw) {
    ModelInferResponse.Builder answer = ModelInferResponse.newBuilder();
    answer.addOutputsBuilder().setName(name).setDatatype("FP32").addShape(1);
    answers.onNext(answer.addRawOutputContents(ByteString.copyFrom(raw)).build());
    answers.onCompleted();
  }

  @Test
  void infer_nobodyListens_isUnreachable() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (GrpcEndpoint endpoint = endpoint(port)) {
      RemoteFailure failure = failure(endpoint, PATIENCE);

      assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
    }
  }

  private RemoteFailure answered(
      long maxAnswerBytes, Consumer<StreamObserver<ModelInferResponse>> answer, Duration patience)
      throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                new GRPCInferenceServiceImplBase() {
                  @Override
                  public void modelInfer(
                      ModelInferRequest request, StreamObserver<ModelInferResponse> answers) {
                    answer.accept(answers);
                  }
                })
            .build()
            .start();
    try (GrpcEndpoint endpoint =
        GrpcEndpoint.open(
            settings(maxAnswerBytes),
            URI.create("http://127.0.0.1:" + server.getPort()),
            new Variant("local", "far"),
            tracing)) {
      return failure(endpoint, patience);
    } finally {
      server.shutdownNow();
    }
  }
}
