package weir.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * The counts of the last two windows, in buckets of a minute, of an hour for windows longer than
 * one, or of the whole window when it is shorter than a minute.
 *
 * <p>Fed with cumulative counts; buckets and windows begin at whole multiples since the epoch, so
 * that all replicas cut alike. Only whole buckets are in a window. One thread at a time.
 */
final class DriftWindows {
  private final long bucketSeconds;
  private final int perWindow;
  private final int[][] ring;
  private long[] before;
  private long open;
  private long setBack;

  /** The windows of counters that read zero at {@code start}. */
  DriftWindows(int slots, Duration window, Instant start) {
    bucketSeconds =
        window.compareTo(Duration.ofHours(1)) <= 0 ? Math.min(60, window.toSeconds()) : 3600;
    perWindow = (int) (window.toSeconds() / bucketSeconds);
    ring = new int[2 * perWindow][slots];
    before = new long[slots];
    open = bucket(start);
  }

  private long bucket(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), bucketSeconds) + setBack;
  }

  /** Whether the open bucket is over, or the clock was set back behind the one before it. */
  boolean due(Instant now) {
    long bucket = bucket(now);
    return bucket > open || bucket < open - 1;
  }

  /** Closes the open bucket with what was counted since the last one; true at a window's end. */
  boolean close(Instant now, long[] cumulative) {
    int[] closing = ring[Math.floorMod(open, ring.length)];
    for (int i = 0; i < closing.length; i++) {
      closing[i] = (int) Math.min(Integer.MAX_VALUE, cumulative[i] - before[i]);
    }
    before = cumulative.clone();
    long window = Math.floorDiv(open, perWindow);
    if (bucket(now) < open) {
      // The windows go on as if the clock had not been touched; only their ends are told by it.
      setBack += open + 1 - bucket(now);
    }
    long next = bucket(now);
    for (long skipped = Math.max(open + 1, next - ring.length); skipped < next; skipped++) {
      Arrays.fill(ring[Math.floorMod(skipped, ring.length)], 0);
    }
    open = next;
    return Math.floorDiv(open, perWindow) > window;
  }

  /** The counts of the window that ended {@code back} windows before {@link #end}: 0 or 1. */
  long[] window(int back) {
    long[] sum = new long[before.length];
    long last = open - 1 - (long) back * perWindow;
    for (long bucket = last; bucket > last - perWindow; bucket--) {
      int[] counts = ring[Math.floorMod(bucket, ring.length)];
      for (int i = 0; i < sum.length; i++) {
        sum[i] += counts[i];
      }
    }
    return sum;
  }

  /** The end of the last closed bucket. */
  Instant end() {
    return Instant.ofEpochSecond((open - setBack) * bucketSeconds);
  }
}
