package weir.drift;

import java.time.Instant;
import java.util.List;
import weir.inference.Variant;

/** What has moved in a model, variant by variant. */
public record DriftReport(String model, List<OfVariant> variants) {
  public DriftReport {
    variants = List.copyOf(variants);
  }

  /**
   * One variant's last window against its baseline.
   *
   * @param alpha the level at which one test of one window is significant
   * @param status the loudest of its signals
   */
  public record OfVariant(
      Variant variant,
      Instant baselineMadeAt,
      Instant windowStart,
      Instant windowEnd,
      double alpha,
      DriftStatus status,
      List<SignalDrift> signals) {
    public OfVariant {
      signals = List.copyOf(signals);
    }
  }
}
