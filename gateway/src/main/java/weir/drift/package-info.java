/**
 * Whether a model's inputs and outputs have moved away from their baseline.
 *
 * <p>Owns baselines (their file, how they are built or learned), the counters on the request path,
 * the windows, the judgement and the report. Refuses to keep a request's values, to make a request
 * wait, and to say more than effect, significance, samples and two windows in a row allow. Entry:
 * {@link weir.drift.DriftMonitor}. A new distance is a function in {@code stats} and a field of
 * {@link weir.drift.SignalDrift}.
 */
@NullMarked
package weir.drift;

import org.jspecify.annotations.NullMarked;
