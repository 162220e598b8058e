/**
 * Tests, intervals, distances and sketches: numbers in, numbers out.
 *
 * <p>Owns the mathematics behind verdicts and drift. Evidence is always the natural logarithm of an
 * e-value: reject at level alpha once it reaches ln(1/alpha), at whatever moment one looks. Refuses
 * clocks, threads, metrics and every other package; nothing here is thread-safe unless it is
 * immutable. Entry: {@link weir.stats.RiskRatioProcess} for gates, {@link weir.stats.Binning} and
 * {@link weir.stats.Divergence} for drift. A new distance or test is a function here with its
 * source, a published value and a seeded error rate as tests.
 */
@NullMarked
package weir.stats;

import org.jspecify.annotations.NullMarked;
