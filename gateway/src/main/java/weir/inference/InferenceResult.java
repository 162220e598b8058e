package weir.inference;

import java.util.List;

/** What became of one request: an answer with its source, or a refusal with its reason. */
public sealed interface InferenceResult {
  /** Outputs in the order asked, and where they came from. */
  record Answered(List<Tensor> outputs, Source source) implements InferenceResult {
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
