/**
 * How a candidate takes over from the stable version, step by step and on evidence.
 *
 * <p>Owns the gate's order, what people may ask, and the fold of a model's events into its policy.
 * Refuses to gather evidence, read a clock, act: all is values and pure functions. Entries: {@link
 * weir.rollout.Rollout}, {@link weir.rollout.CommandDesk}, {@link weir.rollout.ModelHistory}. A new
 * event: a record of {@link weir.rollout.RolloutEvent}, a case in {@link weir.rollout.RolloutJson}.
 */
@NullMarked
package weir.rollout;

import org.jspecify.annotations.NullMarked;
