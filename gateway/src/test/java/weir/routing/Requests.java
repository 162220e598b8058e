package weir.routing;

import java.util.List;
import java.util.Map;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.Tensor;

/** Requests to the model "churn". */
final class Requests {
  private Requests() {}

  static InferenceRequest of(String version, Headers headers, Tensor... inputs) {
    return new InferenceRequest(
        "churn", version, "client-id", headers, List.of(inputs), List.of(), Map.of(), 0);
  }

  static InferenceRequest with(String header, String value) {
    return of("", name -> name.equals(header) ? value : "");
  }

  static InferenceRequest with(Tensor... inputs) {
    return of("", Headers.NONE, inputs);
  }
}
