package weir.admission;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How many requests may be in flight, learned from what being many does to their latency.
 *
 * <p>Answers are looked at in windows, by the lower quartile of their latency, or the median of
 * what they are known to have waited: a slow answer among fast ones says nothing, since requests
 * differ. The longest latency worth having is half more than the undisturbed one, and at least
 * {@link #PATIENCE_NANOS} more. By Little's law latency grows with the number in flight, so what
 * gives this latency is {@code inFlight * wanted / seen}. There the limit goes when it refused
 * requests in the window, or when even the second fastest answer was too slow: then the queue
 * stands and is no burst (as CoDel, RFC 8289, tells them apart). Otherwise the limit grows back to
 * its maximum.
 *
 * <p>The limit's fraction is a place for that part of the time between two answers which comes
 * last: with one request at a time, a whole place more would make each wait as long as it takes.
 *
 * <p>One that runs out of time takes a tenth off at once. A note costs an uncontended lock; one
 * that finds it taken is left out. Safe on any thread.
 */
final class AdaptiveLimit {
  /** Waits below this are never worth a refusal. */
  static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  static final int WINDOW_ANSWERS = 16;

  /** Of a window of more answers every second is kept, or fourth, or eighth. */
  private static final int KEPT = 64;

  private static final int ALONE_LEAST = 4;

  private static final double GROWTH = 1.5;
  private static final double BACKOFF = 0.9;

  /** How far a window moves what is known of the undisturbed latency. */
  private static final double LEARNING = 0.25;

  private final int least;
  private final int most;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final long[] whole = new long[KEPT];
  private final long[] waits = new long[KEPT];
  private final long[] own = new long[KEPT];
  private long windowStart;
  private double inFlightSum;
  private int answers;
  private int kept;
  private int stride = 1;
  private int alone;
  private double undisturbed;
  private volatile double exact;
  private volatile int limit;
  private volatile boolean refused;

  /** The latency worth having, and when the last answer came while the limit was below its most. */
  private volatile double wanted;

  private volatile long lastNanos;

  /** Begins at {@code most}, so that nobody is refused before the queue is seen to stand. */
  AdaptiveLimit(int least, int most, LongSupplier nanoTime) {
    if (least < 1 || most < least) {
      throw new IllegalArgumentException(
          "a limit from %d to %d is none: least must be at least 1, most no less"
              .formatted(least, most));
    }
    this.least = least;
    this.most = most;
    this.nanoTime = nanoTime;
    windowStart = nanoTime.getAsLong();
    lastNanos = windowStart;
    exact = most;
    limit = most;
  }

  int now() {
    return limit;
  }

  /** A request found no place. */
  void refused() {
    if (!refused) {
      refused = true;
    }
  }

  /** Whether the fraction of a place beyond the limit is one now. */
  boolean oneMoreNow() {
    double exact = this.exact;
    // By Little's law an answer comes that often.
    return sinceLast() >= (1 - (exact - (int) exact)) * wanted / exact;
  }

  /** A place was given back. */
  void left() {
    if (limit < most) {
      lastNanos = nanoTime.getAsLong();
    }
  }

  private long sinceLast() {
    return nanoTime.getAsLong() - lastNanos;
  }

  /** A request began long after the last answer: no queue stands, so one more may come. */
  void began(int inFlight) {
    if (inFlight == 1 && limit < most && sinceLast() >= WINDOW_NANOS && lock.tryLock()) {
      try {
        set(exact + 1);
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * A request that began as the {@code inFlight}th was answered after {@code wholeNanos}, of which
   * it waited all but {@code ownNanos}. Where a wait cannot be told, both are the same, and those
   * among the first {@code least} count as undisturbed.
   */
  void answered(int inFlight, long wholeNanos, long ownNanos) {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (answers % stride == 0) {
        keep(wholeNanos, wholeNanos - ownNanos);
      }
      if (ownNanos < wholeNanos || inFlight <= least) {
        own[alone % KEPT] = ownNanos;
        alone++;
      }
      inFlightSum += Math.min(inFlight, exact);
      answers++;
      if (answers >= WINDOW_ANSWERS) {
        long now = nanoTime.getAsLong();
        if (now - windowStart >= WINDOW_NANOS) {
          judge();
          windowStart = now;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A request ran out of time, or its server said to have too much to do. */
  void overloaded() {
    lock.lock();
    try {
      set(exact * BACKOFF);
    } finally {
      lock.unlock();
    }
  }

  private void keep(long wholeNanos, long waitNanos) {
    if (kept == KEPT) {
      kept /= 2;
      stride *= 2;
      for (int i = 0; i < kept; i++) {
        whole[i] = whole[2 * i];
        waits[i] = waits[2 * i];
      }
    }
    whole[kept] = wholeNanos;
    waits[kept] = waitNanos;
    kept++;
  }

  private void judge() {
    Arrays.sort(whole, 0, kept);
    Arrays.sort(waits, 0, kept);
    double mean = inFlightSum / answers;
    learn();
    double seen = Math.max(1, Math.max((double) whole[kept / 4], undisturbed + waits[kept / 2]));
    wanted = undisturbed + Math.max(undisturbed / 2, (double) PATIENCE_NANOS);
    boolean stands = whole[1] > wanted && mean > least;
    if (undisturbed > 0 && (refused || stands)) {
      set(Math.min(mean * wanted / seen, exact * GROWTH));
    } else {
      set(exact * GROWTH);
    }
    refused = false;
    inFlightSum = 0;
    answers = 0;
    kept = 0;
    stride = 1;
  }

  private void learn() {
    if (alone < ALONE_LEAST) {
      return;
    }
    int kept = Math.min(alone, KEPT);
    Arrays.sort(own, 0, kept);
    long typical = own[kept / 4];
    undisturbed += (undisturbed == 0 ? 1 : LEARNING) * (typical - undisturbed);
    alone = 0;
  }

  private void set(double next) {
    exact = Math.clamp(next, least, most);
    limit = (int) exact;
  }
}
