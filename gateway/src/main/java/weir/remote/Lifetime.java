package weir.remote;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the users of a thing that ends with the last of them after it was closed. Lock-free. */
final class Lifetime {
  private final AtomicInteger users = new AtomicInteger(1); // the opener is one
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Runnable end;

  /** {@code end} runs once, on the thread of whoever leaves last. */
  Lifetime(Runnable end) {
    this.end = end;
  }

  /** Whether it may be used, until {@link #leave}; not after a close. */
  boolean enter() {
    int now = users.get();
    while (now > 0 && !closed.get()) {
      if (users.compareAndSet(now, now + 1)) {
        return true;
      }
      now = users.get();
    }
    return false;
  }

  void leave() {
    if (users.decrementAndGet() == 0) {
      end.run();
    }
  }

  void close() {
    if (closed.compareAndSet(false, true)) {
      leave();
    }
  }

  boolean closed() {
    return closed.get();
  }
}
