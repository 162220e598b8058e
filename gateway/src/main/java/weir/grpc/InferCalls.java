package weir.grpc;

import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.observation.GatewayMetrics;
import weir.observation.RequestSpan;
import weir.observation.Tracing;
import weir.oip.Decoded;
import weir.oip.GrpcServerCodec;
import weir.oip.WireRequest;
import weir.serving.InferencePipeline;
import weir.serving.Served;

/** Serves inference messages, one at a time for each call, on the calling thread. */
final class InferCalls {
  private static final String VARIANT = "weir-variant";
  private static final String FALLBACK_FROM = "weir-fallback-from";
  private static final String PREDICTION_ID = "weir-prediction-id";

  private final InferencePipeline pipeline;
  private final Tracing tracing;
  private final GatewayMetrics metrics;
  private final GrpcServerCodec codec;
  private final Semaphore room;

  InferCalls(
      InferencePipeline pipeline,
      Tracing tracing,
      GatewayMetrics metrics,
      GrpcServerCodec codec,
      int maxRequests) {
    this.pipeline = pipeline;
    this.tracing = tracing;
    this.metrics = metrics;
    this.codec = codec;
    this.room = new Semaphore(maxRequests);
  }

  /** What is done with an answer before its values are handed to who watches them. */
  @FunctionalInterface
  interface Sender {
    void send(ModelInferResponse answer);
  }

  /** The answer to a call of one message, with its origin in the metadata. */
  void unary(ModelInferRequest message, Sender sender) throws StatusException {
    serve(message, false, sender);
  }

  /** One of a stream, whose metadata is gone: the origin is in the answer's parameters. */
  void streamed(ModelInferRequest message, Sender sender) throws StatusException {
    serve(message, true, sender);
  }

  private void serve(ModelInferRequest message, boolean streamed, Sender sender)
      throws StatusException {
    long start = System.nanoTime();
    CallMetadata metadata = CallMetadata.current();
    metrics.began();
    try (RequestSpan span = tracing.begin(metadata.headers(), "infer")) {
      metadata.answer("traceparent", span.traceparent());
      if (!room.tryAcquire()) {
        throw refuse(message, Reason.OVERLOADED, "the gateway has too many requests; try again");
      }
      try {
        answer(message, streamed, sender, start, span);
      } finally {
        room.release();
      }
    } finally {
      metrics.ended();
    }
  }

  private StatusException refuse(ModelInferRequest message, Reason reason, String why) {
    String model = pipeline.knows(message.getModelName()) ? message.getModelName() : "";
    return Statuses.refusal((Rejected) pipeline.refuse(model, reason, why).result());
  }

  private void answer(
      ModelInferRequest message, boolean streamed, Sender sender, long start, RequestSpan span)
      throws StatusException {
    WireRequest wire =
        switch (codec.decode(message)) {
          case Decoded.Valid valid -> valid.request();
          case Decoded.Invalid invalid ->
              throw refuse(message, Reason.MALFORMED, invalid.message());
        };
    CallMetadata metadata = CallMetadata.current();
    InferenceRequest request =
        new InferenceRequest(
            message.getModelName(),
            message.getModelVersion(),
            wire.id(),
            metadata.headers(),
            wire.inputs(),
            wire.outputNames(),
            wire.parameters(),
            deadline(message.getModelName(), start),
            Optional.empty(),
            CallGuard.ACCOUNT.get());
    Served served = pipeline.serve(request, start, span);
    if (!served.variant().version().isEmpty()) {
      metadata.answer(VARIANT, served.variant().version());
    }
    if (!served.fallbackFrom().isEmpty()) {
      metadata.answer(FALLBACK_FROM, served.fallbackFrom());
    }
    switch (served.result()) {
      case Rejected rejected -> throw Statuses.refusal(rejected);
      case Answered answered -> {
        ModelInferResponse.Builder answer =
            codec.encode(served.variant(), wire.id(), answered.outputs());
        if (streamed) {
          answer.putParameters(PREDICTION_ID, text(served.predictionId()));
        } else {
          metadata.answer(PREDICTION_ID, served.predictionId());
        }
        sender.send(answer.build());
        pipeline.sent(request, served);
      }
    }
  }

  private static InferParameter text(String value) {
    return InferParameter.newBuilder().setStringParam(value).build();
  }

  /** The nearer of the client's deadline and the model's. */
  private long deadline(String model, long start) {
    long own = start + pipeline.deadline(model).toNanos();
    Deadline given = Context.current().getDeadline();
    if (given == null) {
      return own;
    }
    long asked = System.nanoTime() + given.timeRemaining(TimeUnit.NANOSECONDS);
    return asked - own < 0 ? asked : own;
  }
}
