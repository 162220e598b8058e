/**
 * The gRPC door: the inference protocol on a port of its own.
 *
 * <p>Owns the server, its bounds, status codes and metadata. Refuses decisions: what happens to a
 * request is the pipeline's. Entry: {@link weir.grpc.GrpcDoor}. A new call is a method of the proto
 * file and one in {@code InferenceService}.
 */
@NullMarked
package weir.grpc;

import org.jspecify.annotations.NullMarked;
