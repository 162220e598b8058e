package weir.observation;

import java.util.Optional;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.Variant;

/**
 * One copy and what became of it.
 *
 * <p>{@code requestId} is empty when the caller gave none. {@code again} is the stable variant's
 * second answer to the same input where the noise floor is asked for and it had one.
 */
public record ShadowAnswer(
    Variant shadow,
    Variant stable,
    String predictionId,
    String requestId,
    Answered expected,
    InferenceResult got,
    Optional<Answered> again) {}
