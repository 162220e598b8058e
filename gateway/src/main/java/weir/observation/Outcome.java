package weir.observation;

import weir.inference.Blame;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;

/** How an assigned request ended; the instances of {@code of} are made once and shared. */
public sealed interface Outcome {
  /** The caller got its outputs. */
  record Answered(Source source) implements Outcome {}

  /** The caller got none. */
  record Refused(Reason reason) implements Outcome {
    public Blame blame() {
      return reason.blame();
    }
  }

  static Outcome of(InferenceResult result) {
    return switch (result) {
      case InferenceResult.Answered answered -> of(answered.source());
      case InferenceResult.Rejected rejected -> of(rejected.reason());
    };
  }

  static Outcome of(Source source) {
    return SharedOutcomes.of(source);
  }

  static Outcome of(Reason reason) {
    return SharedOutcomes.of(reason);
  }
}
