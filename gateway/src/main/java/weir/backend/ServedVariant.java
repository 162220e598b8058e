package weir.backend;

import weir.inference.ModelSignature;
import weir.inference.Variant;

/**
 * A variant that can answer.
 *
 * <p>{@code front} may answer from the cache; {@code direct} always computes, for requests that are
 * measured.
 */
public record ServedVariant(
    Variant variant, ModelSignature signature, String digest, Backend front, Backend direct) {}
