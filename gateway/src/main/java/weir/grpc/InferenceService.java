package weir.grpc;

import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelReadyRequest;
import inference.ModelReadyResponse;
import inference.ModelStatisticsRequest;
import inference.ModelStatisticsResponse;
import inference.ModelStreamInferResponse;
import inference.RepositoryIndexRequest;
import inference.RepositoryIndexResponse;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import inference.ServerMetadataRequest;
import inference.ServerMetadataResponse;
import inference.ServerReadyRequest;
import inference.ServerReadyResponse;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The calls of the protocol, each handed to who answers it. */
final class InferenceService extends GRPCInferenceServiceImplBase {
  private final InferCalls infer;
  private final ModelCalls models;

  InferenceService(InferCalls infer, ModelCalls models) {
    this.infer = infer;
    this.models = models;
  }

  @FunctionalInterface
  private interface Call<A> {
    A answer() throws StatusException;
  }

  private static <A> void answer(StreamObserver<A> observer, Call<A> call) {
    try {
      send(observer, call.answer());
    } catch (StatusException refusal) {
      observer.onError(refusal);
    }
  }

  private static <A> void send(StreamObserver<A> observer, A answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
    // A caller who left is no error of ours; without a handler, answering it would throw.
    ((ServerCallStreamObserver<ModelInferResponse>) observer).setOnCancelHandler(() -> {});
    try {
      infer.unary(request, answer -> send(observer, answer));
    } catch (StatusException refusal) {
      observer.onError(refusal);
    }
  }

  @Override
  public StreamObserver<ModelInferRequest> modelStreamInfer(
      StreamObserver<ModelStreamInferResponse> observer) {
    return new InferStream(infer, (ServerCallStreamObserver<ModelStreamInferResponse>) observer);
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
    send(observer, ServerLiveResponse.newBuilder().setLive(true).build());
  }

  @Override
  public void serverReady(
      ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
    answer(observer, models::serverReady);
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
    answer(observer, models::server);
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
    answer(observer, () -> models.ready(request));
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
    answer(observer, () -> models.model(request));
  }

  @Override
  public void modelStatistics(
      ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> observer) {
    answer(observer, () -> models.statistics(request));
  }

  @Override
  public void repositoryIndex(
      RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> observer) {
    answer(observer, () -> models.index(request));
  }
}
