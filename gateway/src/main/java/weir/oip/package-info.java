/**
 * The Open Inference Protocol V2 on the wire: JSON and Triton's binary tensor extension.
 *
 * <p>Owns the text and bytes of requests, answers and metadata. Refuses HTTP, models and meaning: a
 * request that cannot be read is a {@link weir.oip.Decoded.Invalid} with a message for its sender.
 * Entry: {@link weir.oip.RequestDecoder} in, {@link weir.oip.ResponseEncoder} and {@link
 * weir.oip.MetadataEncoder} out. A new datatype is a case in {@code FixedWidthValues} and {@code
 * TensorText}.
 */
@NullMarked
package weir.oip;

import org.jspecify.annotations.NullMarked;
