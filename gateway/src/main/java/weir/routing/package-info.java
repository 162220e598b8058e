/**
 * Which variant answers a request: the plan, the assignment made from it, and the prediction id
 * that carries an assignment to its later feedback.
 *
 * <p>Owns policies, match rules, stickiness, the unit's hash and the signing keys. Refuses to know
 * backends, clocks and evidence: given a plan, a request and a random source, the result follows.
 * The only effects are {@link weir.routing.LivePlan#publish} and the key file. Entry: {@link
 * weir.routing.Router}. A new policy is a record of {@link weir.routing.RoutingPolicy}; the
 * compiler then names the switches.
 */
@NullMarked
package weir.routing;

import org.jspecify.annotations.NullMarked;
