package weir.experiment;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a shadow's copies added up to since it became one; {@code running} as long as it is one.
 *
 * <p>{@code answered} copies are {@code equal}, {@code different} or {@code incomparable}; {@code
 * withinNoise} of the different ones are no further off than the stable variant was from itself.
 * {@code failedLow} and {@code failedHigh} bound the rate of failures, {@code differentHigh} the
 * rate of answers that differ; all hold at every look. Latencies are seconds of computing.
 */
public record ShadowReport(
    String shadow,
    String stable,
    boolean running,
    Instant since,
    long answered,
    long equal,
    long different,
    long withinNoise,
    long incomparable,
    Map<String, Long> failed,
    Map<String, Long> dropped,
    Labels labels,
    Quantiles difference,
    Quantiles noise,
    Quantiles stableLatency,
    Quantiles shadowLatency,
    List<Output> outputs,
    List<Worst> worst,
    double failedLow,
    double failedHigh,
    double differentHigh,
    ShadowVerdict verdict,
    String advice) {
  public ShadowReport {
    failed = Map.copyOf(failed);
    dropped = Map.copyOf(dropped);
    outputs = List.copyOf(outputs);
    worst = List.copyOf(worst);
  }

  /** NaN before there is a value. */
  public record Quantiles(long count, double p50, double p90, double p99, double max) {}

  /** Of the answers that have labels or classes, how many agree in all of them. */
  public record Labels(long compared, long agreed) {}

  public record Output(String name, long different, double largest) {}

  /** A request whose answers lay far apart. */
  public record Worst(String predictionId, String requestId, double difference) {}
}
