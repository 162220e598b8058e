package weir.observation;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** At most {@code lines} log lines per window of time; the rest are counted. */
final class LogLimit {
  /** What {@link #admit()} answers when the line is not to be written. */
  static final long SUPPRESSED = -1;

  private final ReentrantLock lock = new ReentrantLock();
  private final int lines;
  private final long windowNanos;
  private final LongSupplier nanoTime;
  private long windowStart;
  private int written;
  private long suppressed;

  LogLimit(int lines, Duration window, LongSupplier nanoTime) {
    this.lines = lines;
    this.windowNanos = window.toNanos();
    this.nanoTime = nanoTime;
    this.windowStart = nanoTime.getAsLong();
  }

  /** The number of lines suppressed since the last one admitted, or {@link #SUPPRESSED}. */
  long admit() {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      if (now - windowStart >= windowNanos) {
        windowStart = now;
        written = 0;
      }
      if (written == lines) {
        suppressed++;
        return SUPPRESSED;
      }
      written++;
      long since = suppressed;
      suppressed = 0;
      return since;
    } finally {
      lock.unlock();
    }
  }
}
