package weir.experiment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The stable variant's first measured latencies, which tell what is slow.
 *
 * <p>Kept as they are, so that those of several replicas give one exact quantile; at most {@code
 * max} of one replica, 8 bytes each, and none once that is known.
 */
final class WarmUp {
  private static final int START = 16;

  private final int max;
  private long[] nanos = new long[START];
  private int size;

  WarmUp(int max) {
    this.max = max;
  }

  int size() {
    return size;
  }

  /** Whether these are enough. */
  boolean over() {
    return size >= max;
  }

  void add(long value) {
    if (!over()) {
      grow(size + 1);
      nanos[size++] = value;
    }
  }

  /** Of several replicas all count, also beyond what one of them keeps. */
  void add(WarmUp other) {
    grow(size + other.size);
    System.arraycopy(other.nanos, 0, nanos, size, other.size);
    size += other.size;
  }

  private void grow(int needed) {
    if (needed > nanos.length) {
      nanos = Arrays.copyOf(nanos, Math.max(needed, 2 * nanos.length));
    }
  }

  void clear() {
    size = 0;
  }

  /** By check, the latency above which an answer is slow; NaN where none is asked for. */
  double[] limits(List<Check> checks) {
    long[] sorted = Arrays.copyOf(nanos, size);
    Arrays.sort(sorted);
    return checks.stream()
        .mapToDouble(check ->
            check instanceof Check.Latency latency
                ? sorted[Math.max(0, (int) Math.ceil(latency.quantile() * sorted.length) - 1)]
                : Double.NaN)
        .toArray();
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      out.writeLong(nanos[i]);
    }
  }

  void read(DataInput in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > max) {
      throw new IOException("a warm-up has 0 to " + max + " latencies, not " + count);
    }
    grow(count);
    for (int i = 0; i < count; i++) {
      nanos[i] = in.readLong();
    }
    size = count;
  }
}
