package weir.stats;

import java.lang.foreign.MemorySegment;
import org.apache.datasketches.common.Family;
import org.apache.datasketches.common.SketchesException;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;
import org.apache.datasketches.req.ReqSketch;

/**
 * A bounded summary of many values that tells high quantiles and merges across replicas.
 *
 * <p>A relative-error (REQ) sketch: the error of a rank p is proportional to 1−p, so p95 and p99
 * stay sharp. Values are kept as floats; NaN is passed over. It grows with the logarithm of the
 * count, to about 20 kB after millions; an addition costs about 0.1 µs, the first question after an
 * addition sorts. Compaction draws its own random bits, so equal inputs may differ within the
 * error: for display and thresholds, never for p-values. Not thread-safe. Source: Cormode, Karnin,
 * Liberty, Thaler, Veselý, Relative Error Streaming Quantiles, PODS 2021.
 */
public final class QuantileSketch {
  private static final int SECTION_SIZE = 24;
  private static final int DEVIATIONS = 3;
  private static final int HEADER_BYTES = 8;
  private static final int FAMILY_AT = 2;

  private final ReqSketch sketch;

  private QuantileSketch(ReqSketch sketch) {
    this.sketch = sketch;
  }

  /** A sketch without values. */
  public QuantileSketch() {
    this(ReqSketch.builder().setK(SECTION_SIZE).setHighRankAccuracy(true).build());
  }

  /** The sketch that {@link #toBytes} wrote. */
  public static QuantileSketch fromBytes(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes[FAMILY_AT] != Family.REQ.getID()) {
      throw new IllegalArgumentException("these bytes are not a quantile sketch");
    }
    try {
      return new QuantileSketch(ReqSketch.heapify(MemorySegment.ofArray(bytes)));
    } catch (SketchesException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("these bytes are a broken quantile sketch", e);
    }
  }

  public byte[] toBytes() {
    return sketch.toByteArray();
  }

  public void add(double value) {
    sketch.update((float) value);
  }

  /** Takes in all values of {@code other}, which stays as it is. */
  public void merge(QuantileSketch other) {
    sketch.merge(other.sketch);
  }

  public long count() {
    return sketch.getN();
  }

  /** The value below or at which the share p of the values lies; needs a value. */
  public double quantile(double p) {
    if (sketch.isEmpty() || !(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          "a quantile needs a value and p in [0, 1], not " + count() + " values and " + p);
    }
    return sketch.getQuantile(p, QuantileSearchCriteria.INCLUSIVE);
  }

  /**
   * A confidence sequence for the quantile p: the ranks of {@link RankInterval}, widened by three
   * standard errors of the sketch's own ranks.
   */
  public Interval interval(double p, double alpha) {
    RankInterval ranks = RankInterval.of(count(), p, alpha);
    double low = Double.NEGATIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    if (ranks.low() > 0) {
      low =
          quantile(
              Math.max(0, sketch.getRankLowerBound((double) ranks.low() / count(), DEVIATIONS)));
    }
    if (ranks.high() <= count()) {
      high =
          quantile(
              Math.min(1, sketch.getRankUpperBound((double) ranks.high() / count(), DEVIATIONS)));
    }
    return new Interval(low, high);
  }
}
