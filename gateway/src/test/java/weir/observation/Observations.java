package weir.observation;

import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.routing.Assignment;
import weir.routing.Because;

/** Observations of one model, as tests need them. */
final class Observations {
  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final Variant STABLE = new Variant("fraud", "1");
  static final Variant CANDIDATE = new Variant("fraud", "2");

  private static final Assignment SPLIT = new Assignment("1", 0.5, 7, Because.SPLIT, 42);

  private Observations() {}

  static Observation answered(Variant variant, Source source, long totalNanos, long modelNanos) {
    return new Observation(
        variant, SPLIT, true, Outcome.of(source), totalNanos, modelNanos, 0.5, "");
  }

  static Observation refused(Variant variant, Reason reason, long totalNanos) {
    return new Observation(variant, SPLIT, true, Outcome.of(reason), totalNanos, 0, Double.NaN, "");
  }

  static Observation traced(Observation plain, String traceId) {
    return new Observation(
        plain.variant(),
        plain.assignment(),
        plain.measured(),
        plain.outcome(),
        plain.totalNanos(),
        plain.modelNanos(),
        plain.score(),
        traceId);
  }

  /** An answer told from others by its score. */
  static Observation numbered(int number) {
    return new Observation(
        STABLE, SPLIT, true, Outcome.of(Source.MODEL), 2, 1, (double) number, "");
  }
}
