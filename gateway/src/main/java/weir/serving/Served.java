package weir.serving;

import weir.inference.InferenceResult;
import weir.inference.Variant;

/**
 * What the doors tell the caller.
 *
 * <p>{@code variant} names the variant assigned; its version is empty when the request was refused
 * before it had one. {@code predictionId} is empty unless there is an answer. {@code fallbackFrom}
 * is the version that was assigned when another one answered in its place, else empty.
 */
public record Served(
    InferenceResult result, Variant variant, String predictionId, String fallbackFrom) {
  Served(InferenceResult result, Variant variant, String predictionId) {
    this(result, variant, predictionId, "");
  }

  Served insteadOf(String assigned) {
    return new Served(result, variant, predictionId, assigned);
  }
}
