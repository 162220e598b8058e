package weir.observation;

import java.util.function.BiConsumer;
import weir.routing.Assignment;

/** Passes the caller's context on unchanged, or makes one when somebody asks for it. */
final class UnsampledSpan implements RequestSpan {
  private final Tracing tracing;
  private TraceContext context;

  UnsampledSpan(Tracing tracing, TraceContext context) {
    this.tracing = tracing;
    this.context = context;
  }

  @Override
  public String traceId() {
    return "";
  }

  @Override
  public String traceparent() {
    if (!context.present()) {
      context = tracing.freshContext();
    }
    return context.traceparent();
  }

  @Override
  public void assigned(String model, Assignment assignment) {}

  @Override
  public void end(Outcome outcome) {
    close();
  }

  @Override
  public void close() {
    tracing.leave(this);
  }

  @Override
  public Stage stage(String name) {
    return Stage.NONE;
  }

  @Override
  public Stage call(String name) {
    return Stage.NONE;
  }

  @Override
  public void propagate(BiConsumer<String, String> header) {
    header.accept(TraceContext.TRACEPARENT, traceparent());
    if (!context.tracestate().isEmpty()) {
      header.accept(TraceContext.TRACESTATE, context.tracestate());
    }
  }
}
