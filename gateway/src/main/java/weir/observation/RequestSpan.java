package weir.observation;

import java.util.function.BiConsumer;
import weir.routing.Assignment;

/**
 * The trace of one request, from its arrival to its end; used on one thread at a time.
 *
 * <p>A request that is not sampled has one too: it passes the W3C context on and records nothing.
 */
public sealed interface RequestSpan extends AutoCloseable permits SampledSpan, UnsampledSpan {
  /** The trace's id in hexadecimal; empty unless the trace is sampled. */
  String traceId();

  /** The value of the answer's {@code traceparent} header; never empty. */
  String traceparent();

  /** Records which variant the request was given, and why. */
  void assigned(String model, Assignment assignment);

  /** Records how the request ended, and ends the span; again, nothing. */
  void end(Outcome outcome);

  /** Ends the span if {@link #end} did not. */
  @Override
  void close();

  /** A stage of the request, inside the stage that is open. */
  Stage stage(String name);

  /** A stage that calls another service. */
  Stage call(String name);

  /** Hands the names and values of the outgoing W3C headers to {@code header}. */
  void propagate(BiConsumer<String, String> header);
}
