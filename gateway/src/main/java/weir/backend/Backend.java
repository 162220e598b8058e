package weir.backend;

import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;

/**
 * How a variant computes.
 *
 * <p>Blocks the calling virtual thread until there is an answer, a refusal, or the request's
 * deadline. Called by many threads at once. An expected failure is a {@link
 * InferenceResult.Rejected}, never an exception. The request fits the variant's signature.
 */
@FunctionalInterface
public interface Backend {
  InferenceResult infer(InferenceRequest request);

  /** Whether a request that can be done without would be in the way of others now. */
  default boolean busy() {
    return false;
  }

  /** Whether the next request would be tried, and not be refused by a limit or a breaker. */
  default boolean takes() {
    return true;
  }
}
