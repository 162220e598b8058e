package weir.inference;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A valid request for one prediction.
 *
 * <p>{@code version} and {@code id} are empty when the caller gave none; a given version pins the
 * variant. {@code outputs} is empty when every output is wanted. A parameter is a String, Long,
 * Double or Boolean. {@code deadlineNanos} is an instant of {@link System#nanoTime()}. {@code
 * written} is the array of {@code inputs} as the caller wrote it in JSON, when all of them came so:
 * UTF-8, a view that nobody changes while the request lives. {@code caller} is whose share of a
 * busy variant the request takes, and may be empty.
 */
public record InferenceRequest(
    String model,
    String version,
    String id,
    Headers headers,
    List<Tensor> inputs,
    List<String> outputs,
    Map<String, Object> parameters,
    long deadlineNanos,
    Optional<ByteBuffer> written,
    String caller) {
  public InferenceRequest {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    parameters = Map.copyOf(parameters);
  }

  /** A request of nobody in particular, whose inputs did not come as JSON. */
  public InferenceRequest(
      String model,
      String version,
      String id,
      Headers headers,
      List<Tensor> inputs,
      List<String> outputs,
      Map<String, Object> parameters,
      long deadlineNanos) {
    this(
        model,
        version,
        id,
        headers,
        inputs,
        outputs,
        parameters,
        deadlineNanos,
        Optional.empty(),
        "");
  }

  /** Whether the caller named the version, which leaves the experiment. */
  public boolean pinned() {
    return !version.isEmpty();
  }

  /** This request with an earlier deadline; a later one changes nothing. */
  public InferenceRequest dueBy(long nanos) {
    return nanos - deadlineNanos >= 0
        ? this
        : new InferenceRequest(
            model, version, id, headers, inputs, outputs, parameters, nanos, written, caller);
  }
}
