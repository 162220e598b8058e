/**
 * Simulated rollouts: the real experiment and gate under a virtual clock, in worlds whose truth is
 * known.
 *
 * <p>Owns the worlds, the rules that others use, and the committed report. Entry: {@link
 * weir.simulation.RolloutSimulation}. A new world is a factory of {@link weir.simulation.World} and
 * a row of the report.
 */
@NullMarked
package weir.simulation;

import org.jspecify.annotations.NullMarked;
