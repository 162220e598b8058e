/**
 * What {@code ops/weir demo} shows: held-out diamonds replayed through a running gateway, and the
 * split, speed, faults and pricing error of every version as a client sees them.
 *
 * <p>Owns the load, the tallies and the display. Refuses to look inside the gateway: it is a client
 * of its ports and uses no other package. Entry: {@link weir.demo.Demo}. A new fact is a component
 * of {@code Snapshot}, tallied in {@code Scoreboard} and shown by {@code Screen}, {@code
 * PlainLines} and {@code Summary}.
 */
@NullMarked
package weir.demo;

import org.jspecify.annotations.NullMarked;
