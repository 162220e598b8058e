package weir.observation;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

/** A child span, the current one of its request while it is open. */
final class SampledStage implements Stage {
  private final SampledSpan request;
  private final Context outer;
  private final Span span;

  SampledStage(SampledSpan request, Context outer, Span span) {
    this.request = request;
    this.outer = outer;
    this.span = span;
  }

  @Override
  public void result(String label) {
    span.setAttribute(SpanNames.RESULT, label);
  }

  @Override
  public void failed(String reason) {
    span.setAttribute(SpanNames.ERROR_TYPE, reason);
    span.setStatus(StatusCode.ERROR);
  }

  @Override
  public void close() {
    span.end();
    request.resume(outer);
  }
}
