package weir.remote;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A nano clock that is set by hand; any thread. */
final class HandTime implements LongSupplier {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // wraps soon

  @Override
  public long getAsLong() {
    return now.get();
  }

  void passes(Duration time) {
    now.addAndGet(time.toNanos());
  }

  long in(Duration time) {
    return now.get() + time.toNanos();
  }
}
