/**
 * Who may do what: keys, tokens, roles and rates of callers, certificates of doors, and the hosts
 * that the gateway itself may call.
 *
 * <p>Refuses knowledge of HTTP and gRPC: a door hands over headers and gets a refusal with its
 * words. Entry: {@link weir.access.Access}. A new path or call is a line in {@link
 * weir.access.Needs}; without one a door does not open.
 */
@NullMarked
package weir.access;

import org.jspecify.annotations.NullMarked;
