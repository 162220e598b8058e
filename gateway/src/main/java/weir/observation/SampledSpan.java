package weir.observation;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.function.BiConsumer;
import weir.inference.Blame;
import weir.routing.Assignment;

/** The server span of a sampled request; the innermost open stage is the parent of the next. */
final class SampledSpan implements RequestSpan {
  private static final String PROVIDER = "weir";

  private final Tracing tracing;
  private final Tracer tracer;
  private final Span span;
  private Context innermost;
  private boolean ended;

  SampledSpan(Tracing tracing, Tracer tracer, Context caller, String name) {
    this.tracing = tracing;
    this.tracer = tracer;
    this.span = tracer.spanBuilder(name).setParent(caller).setSpanKind(SpanKind.SERVER).startSpan();
    this.innermost = caller.with(span);
  }

  @Override
  public String traceId() {
    return span.getSpanContext().getTraceId();
  }

  @Override
  public String traceparent() {
    SpanContext own = span.getSpanContext();
    return "00-%s-%s-%s".formatted(own.getTraceId(), own.getSpanId(), own.getTraceFlags().asHex());
  }

  @Override
  public void assigned(String model, Assignment assignment) {
    span.setAttribute(SpanNames.MODEL, model);
    span.setAttribute(SpanNames.VARIANT, assignment.version());
    span.setAttribute(SpanNames.BECAUSE, assignment.because().label());
    span.addEvent(
        SpanNames.EVALUATION,
        Attributes.builder()
            .put(SpanNames.FLAG_KEY, model)
            .put(SpanNames.FLAG_PROVIDER, PROVIDER)
            .put(SpanNames.FLAG_VARIANT, assignment.version())
            .put(SpanNames.FLAG_REASON, SpanNames.flagReason(assignment.because()))
            .put(SpanNames.FLAG_VERSION, Long.toString(assignment.generation()))
            .build());
  }

  @Override
  public void end(Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered answered ->
          span.setAttribute(SpanNames.SOURCE, answered.source().label());
      case Outcome.Refused refused -> {
        span.setAttribute(SpanNames.ERROR_TYPE, refused.reason().label());
        if (refused.blame() != Blame.CALLER) {
          span.setStatus(StatusCode.ERROR);
        }
      }
    }
    close();
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      span.end();
      tracing.leave(this);
    }
  }

  @Override
  public Stage stage(String name) {
    return begin(name, SpanKind.INTERNAL);
  }

  @Override
  public Stage call(String name) {
    return begin(name, SpanKind.CLIENT);
  }

  @Override
  public void propagate(BiConsumer<String, String> header) {
    W3CTraceContextPropagator.getInstance().inject(innermost, header, Tracing.INTO);
  }

  void resume(Context outer) {
    innermost = outer;
  }

  private Stage begin(String name, SpanKind kind) {
    Context outer = innermost;
    Span child = tracer.spanBuilder(name).setParent(outer).setSpanKind(kind).startSpan();
    innermost = outer.with(child);
    return new SampledStage(this, outer, child);
  }
}
