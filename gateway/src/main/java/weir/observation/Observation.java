package weir.observation;

import weir.inference.Variant;
import weir.routing.Assignment;

/**
 * What happened to one assigned request: exactly one each, failures too.
 *
 * <p>Scalars only, so that it may wait in a queue. {@code modelNanos} is 0 when no model ran,
 * {@code score} is NaN when there is none, and {@code traceId} is empty unless the request's trace
 * is sampled. {@code measured} marks a request whose latency may be compared between variants.
 */
public record Observation(
    Variant variant,
    Assignment assignment,
    boolean measured,
    Outcome outcome,
    long totalNanos,
    long modelNanos,
    double score,
    String traceId) {
  public Observation {
    if (totalNanos < 0 || modelNanos < 0) {
      throw new IllegalArgumentException(
          "durations are at least 0 ns, not %d in total and %d in the model"
              .formatted(totalNanos, modelNanos));
    }
  }
}
