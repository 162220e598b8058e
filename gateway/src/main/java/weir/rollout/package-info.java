/**
 * How a candidate takes over from the stable version, step by step and on evidence.
 *
 * <p>Owns the gate's order, what people may ask of a rollout, and the fold of a model's events into
 * its policy. Refuses to gather evidence, to read a clock and to act: everything here is a value or
 * a pure function. Entries: {@link weir.rollout.Rollout}, {@link weir.rollout.RolloutCommand},
 * {@link weir.rollout.ModelHistory}. A new state or event is a record of its sealed type and a case
 * in {@link weir.rollout.RolloutJson}.
 */
@NullMarked
package weir.rollout;

import org.jspecify.annotations.NullMarked;
