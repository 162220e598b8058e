package weir.inference;

import java.util.List;
import java.util.Map;

/**
 * A valid request for one prediction.
 *
 * <p>{@code version} and {@code id} are empty when the caller gave none; a given version pins the
 * variant. {@code outputs} is empty when every output is wanted. A parameter is a String, Long,
 * Double or Boolean. {@code deadlineNanos} is an instant of {@link System#nanoTime()}.
 */
public record InferenceRequest(
    String model,
    String version,
    String id,
    Headers headers,
    List<Tensor> inputs,
    List<String> outputs,
    Map<String, Object> parameters,
    long deadlineNanos) {
  public InferenceRequest {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    parameters = Map.copyOf(parameters);
  }

  /** Whether the caller named the version, which leaves the experiment. */
  public boolean pinned() {
    return !version.isEmpty();
  }

  /** This request with an earlier deadline; a later one changes nothing. */
  public InferenceRequest dueBy(long nanos) {
    return nanos - deadlineNanos >= 0
        ? this
        : new InferenceRequest(model, version, id, headers, inputs, outputs, parameters, nanos);
  }
}
