package weir.drift;

import java.util.Arrays;
import java.util.Optional;
import weir.stats.Binning;
import weir.stats.Moments;

/**
 * The values of one numeric signal while a baseline is made, all of them kept.
 *
 * <p>NaN and the infinities count as missing. Not thread-safe.
 */
final class NumericSample {
  private double[] values = new double[256];
  private int size;
  private long missing;

  void add(double value) {
    if (!Double.isFinite(value)) {
      missing++;
      return;
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  /** The signal at deciles of type 7; empty when there was no value. */
  Optional<Signal> signal(String name, Place place) {
    if (size == 0) {
      return Optional.empty();
    }
    double[] sample = Arrays.copyOf(values, size);
    BinCounts counts = new BinCounts(Binning.deciles(sample));
    for (double value : sample) {
      counts.add(value);
    }
    return Optional.of(counts.signal(name, place, missing));
  }

  /** Exact counts at given edges, in constant memory. */
  static final class BinCounts {
    private final Binning binning;
    private final long[] counts;
    private Moments moments = Moments.NONE;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    BinCounts(Binning binning) {
      this.binning = binning;
      counts = new long[binning.bins()];
    }

    /** Counts a finite value. */
    void add(double value) {
      counts[binning.bin(value)]++;
      moments = moments.with(value);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }

    Signal.Numeric signal(String name, Place place, long missing) {
      double sd = moments.count() < 2 ? 0 : Math.sqrt(moments.variance());
      return new Signal.Numeric(
          name, place, binning, Arrays.stream(counts).boxed().toList(), missing, min, max, sd);
    }
  }
}
