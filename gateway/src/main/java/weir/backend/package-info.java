/**
 * Reaching a variant: model files and their digests, ONNX in this process, and the decorators that
 * cache, limit and check.
 *
 * <p>Owns everything between an assignment and its answer. Refuses routing: a backend does not know
 * what share it has. Entry: {@link weir.backend.Backend}, composed in {@link
 * weir.backend.BackendStack}. A new way to compute is a class here and one case where backends are
 * composed.
 */
@NullMarked
package weir.backend;

import org.jspecify.annotations.NullMarked;
