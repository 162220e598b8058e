/**
 * Tests, intervals, distances and sketches: numbers in, numbers out.
 *
 * <p>Owns the mathematics behind verdicts and drift; evidence is ln E: reject at alpha once it
 * reaches ln(1/alpha). Refuses clocks, threads, metrics and every other package. Entry: {@link
 * weir.stats.RiskRatioProcess} for gates, {@link weir.stats.Divergence} for drift. A new distance
 * or test is a function here with its source, a published value and a seeded error rate as tests.
 */
@NullMarked
package weir.stats;

import org.jspecify.annotations.NullMarked;
