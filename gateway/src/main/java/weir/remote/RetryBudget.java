package weir.remote;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many retries there may be: a share of the requests, and a few per second whatever their
 * number, so that little traffic can retry too.
 *
 * <p>A token bucket as in Finagle's RetryBudget: each request puts its share in, each retry takes
 * one whole token; at most {@value #TOKENS_MAX} are kept, so a long quiet time pays for no storm.
 * Lock-free.
 */
final class RetryBudget {
  static final int FLOOR_PER_SECOND = 3;
  private static final int TOKENS_MAX = 100;
  private static final long TOKEN = 1_000_000;
  private static final long FLOOR_NANOS = 1_000_000_000L / FLOOR_PER_SECOND;
  private static final long FLOOR_AHEAD_NANOS = (FLOOR_PER_SECOND - 1) * FLOOR_NANOS;

  private final long share;
  private final LongSupplier nanoTime;
  private final AtomicLong tokens = new AtomicLong();

  /** When the floor's retries so far are paid for. */
  private final AtomicLong floorPaid;

  /** {@code share} is of the requests; 0 allows no retry at all. */
  RetryBudget(double share, LongSupplier nanoTime) {
    this.share = Math.round(share * TOKEN);
    this.nanoTime = nanoTime;
    this.floorPaid = new AtomicLong(nanoTime.getAsLong());
  }

  void requested() {
    if (share > 0 && tokens.get() < TOKENS_MAX * TOKEN) {
      tokens.addAndGet(share);
    }
  }

  /** Whether there is the right to one more retry, where there is ever any. */
  boolean has() {
    return share == 0
        || tokens.get() >= TOKEN
        || floorPaid.get() - nanoTime.getAsLong() <= FLOOR_AHEAD_NANOS;
  }

  /** Takes the right to one retry, if there is one. */
  boolean take() {
    return share > 0 && (takeToken() || takeFloor());
  }

  private boolean takeToken() {
    long kept = tokens.get();
    while (kept >= TOKEN) {
      if (tokens.compareAndSet(kept, kept - TOKEN)) {
        return true;
      }
      kept = tokens.get();
    }
    return false;
  }

  private boolean takeFloor() {
    long now = nanoTime.getAsLong();
    while (true) {
      long paid = floorPaid.get();
      long from = paid - now > 0 ? paid : now;
      if (from - now > FLOOR_AHEAD_NANOS) {
        return false;
      }
      if (floorPaid.compareAndSet(paid, from + FLOOR_NANOS)) {
        return true;
      }
    }
  }
}
