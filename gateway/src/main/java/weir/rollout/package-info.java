/**
 * How a candidate takes over from the stable version, step by step and on evidence.
 *
 * <p>Owns the gate's order, what people may ask, the fold of a model's events into its policy, and
 * which of the replicas acts. The gate and the fold are pure: {@link weir.rollout.Rollout}, {@link
 * weir.rollout.ModelHistory}. Refuses to gather evidence, and to wait for the journal under the
 * board's lock. Entry: {@link weir.rollout.RolloutControl}. A new event: a record of {@link
 * weir.rollout.RolloutEvent}, a case in {@link weir.rollout.RolloutJson}.
 */
@NullMarked
package weir.rollout;

import org.jspecify.annotations.NullMarked;
