/**
 * Reaching a variant that computes in another process: connections, protocols, endpoints and their
 * health, and how much a sick one is asked.
 *
 * <p>Owns everything between a valid request and the answer of a server over the network, within
 * the request's deadline. Refuses to choose variants (routing's) and to keep answers (backend's).
 * Addresses come from the configuration alone. Entry: {@link weir.remote.RemoteVariant}.
 */
@NullMarked
package weir.remote;

import org.jspecify.annotations.NullMarked;
