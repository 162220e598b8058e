package weir.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import weir.access.LimitSettings.Rate;

/**
 * Token buckets by name: each holds up to {@code burst} tokens, gets {@code per-second} back, and
 * gives one for each request.
 *
 * <p>A bounded table: one that is asked for no more is forgotten, and is full again when it comes
 * back.
 */
final class Buckets {
  private static final int KEPT_MAX = 20_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Cache<String, Bucket> buckets;
  private final Ticker ticker;

  Buckets(Ticker ticker) {
    this.ticker = ticker;
    buckets = Caffeine.newBuilder().maximumSize(KEPT_MAX).ticker(ticker).build();
  }

  private static final class Bucket {
    private final ReentrantLock lock = new ReentrantLock();
    private double tokens;
    private long atNanos;

    Bucket(Rate rate, long now) {
      tokens = rate.burst();
      atNanos = now;
    }

    /** Nanoseconds until a token is there; 0 when it is, and taken if {@code take}. */
    long until(Rate rate, long now, boolean take) {
      lock.lock();
      try {
        double more = Math.max(0, now - atNanos) / NANOS_PER_SECOND * rate.perSecond();
        tokens = Math.min(rate.burst(), tokens + more);
        atNanos = now;
        if (tokens < 1) {
          return Math.max(1, (long) Math.ceil((1 - tokens) / rate.perSecond() * NANOS_PER_SECOND));
        }
        tokens -= take ? 1 : 0;
        return 0;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Takes a token; how long until there is one when there is none, else zero. */
  Duration take(String name, Rate rate) {
    return ask(name, rate, true);
  }

  /** As {@link #take}, and takes none. */
  Duration look(String name, Rate rate) {
    return ask(name, rate, false);
  }

  private Duration ask(String name, Rate rate, boolean take) {
    long now = ticker.read();
    Bucket bucket = buckets.get(name, _ -> new Bucket(rate, now));
    return Duration.ofNanos(bucket.until(rate, now, take));
  }
}
