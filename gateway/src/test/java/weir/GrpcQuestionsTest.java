package weir;

import static org.assertj.core.api.Assertions.assertThat;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelReadyRequest;
import inference.RepositoryIndexRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gRPC door tells of the server and its models. */
class GrpcQuestionsTest {
  private static final String MODEL = "diamond-price";

  @TempDir private static Path state;

  private static TestGateway gateway;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws Exception {
    gateway = TestGateway.start(TestGateway.REPOSITORY, state, "diamond-price: {}");
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

  @Test
  void questions_aboutServerAndModels_areAnswered() {
    assertThat(stub().serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    assertThat(stub().serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName())
        .isEqualTo("weir");
    assertThat(ready(MODEL, "")).isTrue();
    assertThat(ready(MODEL, "2")).isTrue();
    assertThat(ready(MODEL, "77")).isFalse();
    assertThat(ready("nobody", "")).isFalse();
    assertThat(stub().repositoryIndex(RepositoryIndexRequest.getDefaultInstance()).getModelsList())
        .anySatisfy(model -> {
          assertThat(model.getName()).isEqualTo(MODEL);
          assertThat(model.getState()).isEqualTo("READY");
        });
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  private static boolean ready(String model, String version) {
    return stub()
        .modelReady(ModelReadyRequest.newBuilder().setName(model).setVersion(version).build())
        .getReady();
  }

  @Test
  void metadata_ofModel_namesInputsWithOpenDimensions() {
    ModelMetadataResponse metadata =
        stub().modelMetadata(ModelMetadataRequest.newBuilder().setName(MODEL).build());

    assertThat(metadata.getVersionsList()).contains("1", "2", "3");
    assertThat(metadata.getInputsList())
        .anySatisfy(input -> {
          assertThat(input.getName()).isEqualTo("carat");
          assertThat(input.getDatatype()).isEqualTo("FP32");
          assertThat(input.getShapeList()).containsExactly(-1L, 1L);
        });
  }
}
