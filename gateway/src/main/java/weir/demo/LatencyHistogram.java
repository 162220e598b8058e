package weir.demo;

import java.time.Duration;

/**
 * Latencies in logarithmic buckets: 32 per doubling, so a quantile is at most 3.2 % too high.
 *
 * <p>Fixed memory (9 KiB); longer than {@link #NANOS_MAX} counts as that. Not thread-safe.
 */
final class LatencyHistogram {
  private static final int SUB_BITS = 5;
  private static final int SUB = 1 << SUB_BITS;
  private static final long NANOS_MAX = (1L << 40) - 1;

  private final long[] counts = new long[index(NANOS_MAX) + 1];
  private long total;

  void add(long nanos) {
    counts[index(Math.clamp(nanos, 0, NANOS_MAX))]++;
    total++;
  }

  /**
   * The smallest bucket's upper end at or below which a share q of the latencies lie; 0 if none.
   */
  Duration quantile(double q) {
    long rank = Math.max(1, (long) Math.ceil(q * total));
    long below = 0;
    for (int i = 0; i < counts.length; i++) {
      below += counts[i];
      if (below >= rank) {
        return Duration.ofNanos(upper(i));
      }
    }
    return Duration.ZERO;
  }

  private static int index(long nanos) {
    if (nanos < SUB) {
      return (int) nanos;
    }
    int shift = 63 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
    return (shift << SUB_BITS) + (int) (nanos >>> shift);
  }

  private static long upper(int index) {
    if (index < SUB) {
      return index;
    }
    int shift = (index >>> SUB_BITS) - 1;
    long mantissa = index - ((long) shift << SUB_BITS);
    return ((mantissa + 1) << shift) - 1;
  }
}
