/**
 * The nouns of one request: tensors, the request, its result, and the variant that answers.
 *
 * <p>Owns values only: nothing here reads a clock, opens a file or starts a thread. Refuses
 * everything that knows a wire format or a library. Entry: {@link weir.inference.InferenceRequest}.
 * A new reason to refuse a request is a constant of {@link weir.inference.Reason}.
 */
@NullMarked
package weir.inference;

import org.jspecify.annotations.NullMarked;
