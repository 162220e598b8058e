package weir.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import weir.access.Access;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.observation.GatewayMetrics;
import weir.observation.RequestSpan;
import weir.observation.Tracing;
import weir.oip.Decoded;
import weir.oip.Encoded;
import weir.oip.RequestDecoder;
import weir.oip.ResponseEncoder;
import weir.oip.WireRequest;
import weir.serving.InferencePipeline;
import weir.serving.Served;

/** {@code POST /v2/models/{model}[/versions/{version}]/infer}. */
final class InferDoor {
  private static final HeaderName INFERENCE_HEADER_LENGTH =
      HeaderNames.create("Inference-Header-Content-Length");
  private static final HeaderName VARIANT = HeaderNames.create("weir-variant");
  private static final HeaderName FALLBACK_FROM = HeaderNames.create("weir-fallback-from");
  private static final HeaderName PREDICTION_ID = HeaderNames.create("weir-prediction-id");
  private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
  private static final Header OCTETS =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/octet-stream");

  /** The headers that the configuration and the tracing ask for. */
  private static final Map<String, HeaderName> ASKED = new ConcurrentHashMap<>();

  private static final int TOO_LARGE = 413;
  private static final int UNAVAILABLE = 503;

  private final InferencePipeline pipeline;
  private final Tracing tracing;
  private final GatewayMetrics metrics;
  private final Bodies bodies;
  private final RequestDecoder decoder;
  private final Access access;
  private final ResponseEncoder encoder = new ResponseEncoder();

  InferDoor(
      InferencePipeline pipeline,
      Tracing tracing,
      GatewayMetrics metrics,
      Bodies bodies,
      RequestDecoder decoder,
      Access access) {
    this.pipeline = pipeline;
    this.metrics = metrics;
    this.tracing = tracing;
    this.bodies = bodies;
    this.decoder = decoder;
    this.access = access;
  }

  void handle(ServerRequest request, ServerResponse response) {
    long start = System.nanoTime();
    String model = Paths.parameter(request, "model");
    Headers headers = name -> header(request, name);
    metrics.began();
    try (RequestSpan span = tracing.begin(headers, "infer")) {
      response.header(TRACEPARENT, span.traceparent());
      switch (bodies.read(request)) {
        case Bodies.Body.Broken broken -> refuseBody(request, response, model, broken);
        case Bodies.Body.Whole whole -> answer(request, response, whole, headers, start, span);
      }
    } finally {
      metrics.ended();
    }
  }

  private static String header(ServerRequest request, String name) {
    return request.headers().first(ASKED.computeIfAbsent(name, HeaderNames::create)).orElse("");
  }

  private void refuseBody(
      ServerRequest request, ServerResponse response, String model, Bodies.Body.Broken broken) {
    Reason reason =
        switch (broken.status().code()) {
          case TOO_LARGE -> Reason.TOO_LARGE;
          case UNAVAILABLE -> Reason.OVERLOADED;
          default -> Reason.MALFORMED;
        };
    pipeline.refuse(pipeline.knows(model) ? model : "", reason, broken.message());
    Answers.closing(request, response);
    if (reason == Reason.OVERLOADED) {
      Answers.notReady(response, broken.message());
    } else {
      Answers.error(response, broken.status(), broken.message());
    }
    Answers.closeUnread(request);
  }

  private void answer(
      ServerRequest request,
      ServerResponse response,
      Bodies.Body.Whole body,
      Headers headers,
      long start,
      RequestSpan span) {
    String model = Paths.parameter(request, "model");
    String jsonLength = request.headers().first(INFERENCE_HEADER_LENGTH).orElse("");
    switch (decode(body, jsonLength)) {
      case Decoded.Invalid invalid -> {
        String known = pipeline.knows(model) ? model : "";
        Answers.refuse(
            response,
            (Rejected) pipeline.refuse(known, Reason.MALFORMED, invalid.message()).result());
      }
      case Decoded.Valid valid -> {
        WireRequest wire = valid.request();
        InferenceRequest decoded =
            new InferenceRequest(
                model,
                Paths.parameter(request, "version"),
                wire.id(),
                headers,
                wire.inputs(),
                wire.outputNames(),
                wire.parameters(),
                start + pipeline.deadline(model).toNanos(),
                wire.written(),
                Guard.account(request, access));
        Served served = pipeline.serve(decoded, start, span);
        send(response, served, wire);
        pipeline.sent(decoded, served);
      }
    }
  }

  private Decoded decode(Bodies.Body.Whole body, String jsonLength) {
    if (jsonLength.isEmpty()) {
      return decoder.decode(body.bytes(), body.length(), -1);
    }
    int length = parse(jsonLength);
    if (length < 0 || length > body.length()) {
      return new Decoded.Invalid(
          "Inference-Header-Content-Length must lie between 0 and the body's %d bytes"
              .formatted(body.length()));
    }
    return decoder.decode(body.bytes(), body.length(), length);
  }

  private static int parse(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void send(ServerResponse response, Served served, WireRequest wire) {
    if (!served.variant().version().isEmpty()) {
      response.header(VARIANT, served.variant().version());
    }
    if (!served.fallbackFrom().isEmpty()) {
      response.header(FALLBACK_FROM, served.fallbackFrom());
    }
    switch (served.result()) {
      case Rejected rejected -> Answers.refuse(response, rejected);
      case Answered answered -> {
        switch (encoder.encode(served.variant(), wire.id(), answered.outputs(), wire)) {
          case Encoded.Unsayable unsayable ->
              Answers.error(response, Status.BAD_REQUEST_400, unsayable.message());
          case Encoded.Body body -> {
            response.header(PREDICTION_ID, served.predictionId());
            send(response, body);
          }
        }
      }
    }
  }

  private static void send(ServerResponse response, Encoded.Body body) {
    if (body.jsonLength() < 0) {
      response.header(Answers.JSON);
    } else {
      response.header(OCTETS);
      response.header(INFERENCE_HEADER_LENGTH, Integer.toString(body.jsonLength()));
    }
    response.send(body.bytes(), 0, body.length());
  }
}
