package weir.grpc;

import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * A stream of inferences, served in their order.
 *
 * <p>The next message is asked for when the answer before it is on its way, so a client that does
 * not read holds one answer and no more.
 */
final class InferStream implements StreamObserver<ModelInferRequest> {
  private final InferCalls infer;
  private final ServerCallStreamObserver<ModelStreamInferResponse> answers;
  private boolean held;

  InferStream(InferCalls infer, ServerCallStreamObserver<ModelStreamInferResponse> answers) {
    this.infer = infer;
    this.answers = answers;
    answers.disableAutoRequest();
    answers.setOnCancelHandler(() -> {});
    answers.setOnReadyHandler(this::resume);
    answers.request(1);
  }

  private void resume() {
    if (held) {
      held = false;
      answers.request(1);
    }
  }

  @Override
  public void onNext(ModelInferRequest message) {
    try {
      infer.streamed(
          message,
          answer ->
              answers.onNext(
                  ModelStreamInferResponse.newBuilder().setInferResponse(answer).build()));
    } catch (StatusException refusal) {
      answers.onNext(failed(message, refusal));
    }
    held = !answers.isReady();
    if (!held) {
      answers.request(1);
    }
  }

  /** An error with the request's id, so that the client knows which one failed. */
  private static ModelStreamInferResponse failed(
      ModelInferRequest message, StatusException refusal) {
    String description = refusal.getStatus().getDescription();
    return ModelStreamInferResponse.newBuilder()
        .setErrorMessage(description == null ? refusal.getStatus().getCode().name() : description)
        .setInferResponse(ModelInferResponse.newBuilder().setId(message.getId()))
        .build();
  }

  @Override
  public void onError(Throwable left) {
    // The caller went away; there is nobody to answer.
  }

  @Override
  public void onCompleted() {
    answers.onCompleted();
  }
}
