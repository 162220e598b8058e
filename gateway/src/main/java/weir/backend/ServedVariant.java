package weir.backend;

import java.util.function.Supplier;
import weir.inference.ModelSignature;
import weir.inference.Variant;

/**
 * A variant that can answer.
 *
 * <p>{@code front} may answer from the cache; {@code direct} always computes, for requests that are
 * measured. {@code problem} says why the variant cannot answer at this moment, empty when it can.
 */
public record ServedVariant(
    Variant variant,
    ModelSignature signature,
    String digest,
    Backend front,
    Backend direct,
    Supplier<String> problem) {}
