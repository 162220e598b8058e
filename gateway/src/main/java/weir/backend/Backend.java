package weir.backend;

import java.util.Set;
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

  /**
   * Whether the next request would be tried, not refused by a limit or a breaker, and could be
   * tried again where any may be.
   */
  default boolean takes() {
    return true;
  }

  /** Its servers that are asked nothing now, by their addresses; none where it computes here. */
  default Set<String> leftOut() {
    return Set.of();
  }

  /** Whether requests go to the server at this address now. */
  default boolean asks(String server) {
    return false;
  }
}
