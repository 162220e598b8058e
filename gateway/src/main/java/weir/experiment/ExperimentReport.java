package weir.experiment;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.stats.Interval;
import weir.stats.QuantileSketch;
import weir.stats.RateBound;

/**
 * Each version's own figures over the measured requests of a rollout so far; {@code since} is the
 * beginning of the current step.
 *
 * <p>The intervals hold at every look with probability 1 − alpha, for requests that are alike and
 * independent: for display. Verdicts are the {@link Look}'s.
 */
public record ExperimentReport(Instant at, Optional<Instant> since, List<OfVersion> versions) {
  private static final double MEDIAN = 0.5;
  private static final double P95 = 0.95;
  private static final double P99 = 0.99;
  private static final double MILLIS_PER_NANO = 1.0 / Duration.ofMillis(1).toNanos();

  public ExperimentReport {
    versions = List.copyOf(versions);
  }

  /**
   * One version; no estimate before its first request. Exposures are requests, or where assignment
   * is sticky the units among one in 16.
   */
  public record OfVersion(
      String version,
      long exposures,
      long measured,
      Estimate errorRate,
      Estimate p50Millis,
      Estimate p95Millis,
      Estimate p99Millis) {}

  /** NaN before there is one; an end that is not bounded yet is infinite. */
  public record Estimate(double value, double low, double high) {
    static final Estimate NONE =
        new Estimate(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  static ExperimentReport of(
      Experiment.Terms terms, Evidence evidence, @Nullable Instant since, Instant now, long nanos) {
    Sums total = evidence.total(nanos);
    return new ExperimentReport(
        now,
        Optional.ofNullable(since),
        List.of(
            of(terms, total, evidence.latencies(Side.STABLE), Side.STABLE),
            of(terms, total, evidence.latencies(Side.CANDIDATE), Side.CANDIDATE)));
  }

  private static OfVersion of(
      Experiment.Terms terms, Sums total, QuantileSketch latencies, int side) {
    double alpha = terms.settings().alpha();
    return new OfVersion(
        side == Side.STABLE ? terms.stable() : terms.candidate(),
        total.eras().stream().mapToLong(era -> era.exposures(side)).sum(),
        latencies.count(),
        rate(total.errors(side), latencies.count(), alpha),
        quantile(latencies, MEDIAN, alpha),
        quantile(latencies, P95, alpha),
        quantile(latencies, P99, alpha));
  }

  private static Estimate rate(long events, long trials, double alpha) {
    if (trials == 0) {
      return Estimate.NONE;
    }
    double low = 1 - new RateBound(trials - events, trials).upper(alpha / 2);
    double high = new RateBound(events, trials).upper(alpha / 2);
    return new Estimate((double) events / trials, low, high);
  }

  private static Estimate quantile(QuantileSketch sketch, double p, double alpha) {
    if (sketch.count() == 0) {
      return Estimate.NONE;
    }
    Interval interval = sketch.interval(p, alpha);
    return new Estimate(
        sketch.quantile(p) * MILLIS_PER_NANO,
        interval.low() * MILLIS_PER_NANO,
        interval.high() * MILLIS_PER_NANO);
  }
}
