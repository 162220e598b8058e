package weir.inference;

import java.util.List;

/** What became of one request: an answer with its source, or a refusal with its reason. */
public sealed interface InferenceResult {
  /**
   * Outputs in the order asked, where they came from, and how long the model itself computed (0
   * when it did not run for this request).
   */
  record Answered(List<Tensor> outputs, Source source, long modelNanos) implements InferenceResult {
    public Answered {
      outputs = List.copyOf(outputs);
    }
  }

  /** No outputs; {@code message} tells the caller what happened and what to do about it. */
  record Rejected(Reason reason, String message) implements InferenceResult {
    public Blame blame() {
      return reason.blame();
    }
  }

  /** What produced an answer; only {@link #MODEL} says anything about a model's latency. */
  enum Source {
    MODEL("model"),
    CACHE("cache"),
    COALESCED("coalesced");

    private final String label;

    Source(String label) {
      this.label = label;
    }

    /** The value of the metric's label. */
    public String label() {
      return label;
    }
  }
}
