/**
 * What the traffic of two variants has shown: gathers observations and feedback as evidence, and
 * asks the checks again and again.
 *
 * <p>Owns what counts as evidence and what each verdict means. Refuses to decide what follows from
 * a verdict: that is the rollout's. Entry: {@link weir.experiment.Experiment}. A new check is a
 * record of {@link weir.experiment.Check}; the compiler then names the switches.
 */
@NullMarked
package weir.experiment;

import org.jspecify.annotations.NullMarked;
