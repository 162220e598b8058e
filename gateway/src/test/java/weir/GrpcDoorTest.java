package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStatistics;
import inference.ModelStatisticsRequest;
import inference.ModelStreamInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gRPC door of a real gateway, asked by grpc-java's own client. */
class GrpcDoorTest {
  private static final String MODEL = "diamond-price";
  private static final Map<String, Float> NUMBERS =
      Map.of("carat", 0.5F, "depth", 61.5F, "table", 55F, "x", 5.1F, "y", 5.1F, "z", 3.2F);
  private static final Map<String, String> WORDS =
      Map.of("cut", "Ideal", "color", "E", "clarity", "SI1");

  @TempDir private static Path state;

  private static TestGateway gateway;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        TestGateway.start(
            TestGateway.REPOSITORY,
            state,
            """
            diamond-price:
              routing: {policy: {split: {"1": 50, "2": 50}}, sticky: {by-header: x-user-id}}
            """);
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.gateway().grpcPort())
            .usePlaintext()
            .build();
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    gateway.close();
  }

  private static GRPCInferenceServiceBlockingStub stub() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static GRPCInferenceServiceBlockingStub as(String user) {
    Metadata metadata = new Metadata();
    metadata.put(key("x-user-id"), user);
    return stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static ModelInferRequest.Builder typedStone() {
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder().setModelName(MODEL).setId("42");
    NUMBERS.forEach((name, value) ->
        input(request, name, "FP32")
            .setContents(InferTensorContents.newBuilder().addFp32Contents(value)));
    WORDS.forEach((name, value) ->
        input(request, name, "BYTES")
            .setContents(
                InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8(value))));
    return request;
  }

  private static ModelInferRequest.Builder rawStone() {
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder().setModelName(MODEL).setId("42");
    NUMBERS.forEach((name, value) -> {
      input(request, name, "FP32");
      request.addRawInputContents(bytes(little(4).putFloat(value)));
    });
    WORDS.forEach((name, value) -> {
      input(request, name, "BYTES");
      ByteString word = ByteString.copyFromUtf8(value);
      request.addRawInputContents(bytes(little(4).putInt(word.size())).concat(word));
    });
    return request;
  }

  private static ModelInferRequest.InferInputTensor.Builder input(
      ModelInferRequest.Builder request, String name, String datatype) {
    return request.addInputsBuilder().setName(name).setDatatype(datatype).addShape(1).addShape(1);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteString bytes(ByteBuffer written) {
    return ByteString.copyFrom(written.flip());
  }

  private static float price(ModelInferResponse answer) {
    return answer
        .getRawOutputContents(0)
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .getFloat();
  }

  private static Status.Code refused(ModelInferRequest.Builder request) {
    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> stub().modelInfer(request.build()));
    assertThat(refusal.getStatus().getDescription()).isNotBlank();
    return refusal.getStatus().getCode();
  }

  @Test
  void infer_rawAndTyped_answerTheSameAsHttp() throws Exception {
    ModelInferResponse raw = as("ann").modelInfer(rawStone().build());
    ModelInferResponse typed = as("ann").modelInfer(typedStone().build());
    String http = gateway.post(TestGateway.INFER, TestGateway.STONE, "x-user-id", "ann").body();

    assertThat(raw).isEqualTo(typed);
    assertThat(raw.getId()).isEqualTo("42");
    assertThat(raw.getOutputsList()).hasSize(1);
    assertThat(raw.getOutputs(0).getDatatype()).isEqualTo("FP32");
    assertThat(http)
        .contains("\"model_version\":\"" + raw.getModelVersion() + "\"")
        .contains("\"data\":[" + price(raw) + "]");
  }

  @Test
  void infer_stickyHeader_isHeldToAndSaidInTheMetadata() throws Exception {
    for (String user : List.of("ann", "bob", "cem", "dea", "eva", "fay")) {
      AtomicReference<Metadata> headers = new AtomicReference<>();
      AtomicReference<Metadata> trailers = new AtomicReference<>();
      ModelInferResponse answer =
          as(user)
              .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
              .modelInfer(rawStone().build());

      assertThat(answer.getModelVersion()).isEqualTo(gateway.variantOf(user));
      Metadata sent = Objects.requireNonNull(headers.get());
      assertThat(sent.get(key("weir-variant"))).isEqualTo(answer.getModelVersion());
      assertThat(sent.get(key("weir-prediction-id"))).isNotBlank();
      assertThat(sent.get(key("traceparent"))).startsWith("00-");
    }
  }

  @Test
  void infer_versionNamed_isThatVersion() {
    assertThat(stub().modelInfer(rawStone().setModelVersion("3").build()).getModelVersion())
        .isEqualTo("3");
  }

  @Test
  void infer_faults_haveTheirStatus() {
    assertThat(refused(rawStone().setModelName("nobody"))).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(refused(rawStone().setModelVersion("77"))).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(refused(rawStone().addRawInputContents(ByteString.EMPTY)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    ModelInferRequest.Builder both = rawStone();
    both.getInputsBuilder(0).getContentsBuilder().addFp32Contents(1);
    assertThat(refused(both)).isEqualTo(Status.Code.INVALID_ARGUMENT);
    ModelInferRequest.Builder misspelt = typedStone();
    misspelt.getInputsBuilder(0).setName("karat");
    assertThat(refused(misspelt)).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void infer_messageTooLarge_isRefusedAndTheConnectionServesOn() {
    ModelInferRequest.Builder large =
        rawStone().addRawInputContents(ByteString.copyFrom(new byte[17 << 20]));

    assertThat(refused(large)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(stub().modelInfer(rawStone().build()).getOutputsCount()).isEqualTo(1);
  }

  @Test
  void refusal_overGrpc_isCountedAsOverHttp() throws Exception {
    String line = "weir_refusals_total{model=\"diamond-price\",reason=\"malformed\"}";
    double before = counter(line);

    refused(rawStone().addRawInputContents(ByteString.EMPTY));

    assertThat(counter(line)).isEqualTo(before + 1);
  }

  private static double counter(String line) throws Exception {
    return gateway
        .management("/metrics")
        .body()
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToDouble(each -> Double.parseDouble(each.substring(each.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void stream_manyMessages_areAnsweredInOrderWithErrorsBetween() throws Exception {
    List<ModelStreamInferResponse> answers = new ArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    StreamObserver<ModelInferRequest> requests =
        GRPCInferenceServiceGrpc.newStub(channel)
            .modelStreamInfer(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ModelStreamInferResponse answer) {
                    answers.add(answer);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    ended.countDown();
                  }

                  @Override
                  public void onCompleted() {
                    ended.countDown();
                  }
                });
    for (int i = 0; i < 300; i++) {
      String model = i % 3 == 0 ? "nobody" : MODEL;
      requests.onNext(rawStone().setModelName(model).setId("n" + i).build());
    }
    requests.onCompleted();

    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(answers).hasSize(300);
    for (int i = 0; i < 300; i++) {
      assertThat(answers.get(i).getInferResponse().getId()).isEqualTo("n" + i);
      assertThat(answers.get(i).getErrorMessage().isEmpty()).isEqualTo(i % 3 != 0);
    }
    assertThat(answers.get(1).getInferResponse().getParametersMap())
        .containsKey("weir-prediction-id");
  }

  @Test
  void statistics_afterRequests_countThem() {
    ModelStatisticsRequest ask =
        ModelStatisticsRequest.newBuilder().setName(MODEL).setVersion("3").build();
    long before = successes(ask);

    stub().modelInfer(rawStone().setModelVersion("3").build());

    assertThat(successes(ask)).isEqualTo(before + 1);
  }

  private static long successes(ModelStatisticsRequest ask) {
    ModelStatistics statistics = stub().modelStatistics(ask).getModelStats(0);
    return statistics.getInferenceStats().getSuccess().getCount();
  }
}
