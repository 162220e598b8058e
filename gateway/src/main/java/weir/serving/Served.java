package weir.serving;

import weir.inference.InferenceResult;
import weir.inference.Variant;

/**
 * What the doors tell the caller.
 *
 * <p>{@code variant} names the variant assigned; its version is empty when the request was refused
 * before it had one. {@code predictionId} is empty unless there is an answer.
 */
public record Served(InferenceResult result, Variant variant, String predictionId) {}
