package weir.remote;

import java.util.concurrent.atomic.AtomicInteger;

/** One endpoint of a variant and what is known of its health; instants are of a nano clock. */
final class Server {
  private final Endpoint endpoint;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger failuresInRow = new AtomicInteger();
  private volatile boolean up;
  private volatile long ejectedUntil;
  private volatile long restsUntil;

  Server(Endpoint endpoint, long now) {
    this.endpoint = endpoint;
    this.ejectedUntil = now;
    this.restsUntil = now;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  String name() {
    return endpoint.name();
  }

  void began() {
    inFlight.incrementAndGet();
  }

  void ended() {
    inFlight.decrementAndGet();
  }

  int inFlight() {
    return inFlight.get();
  }

  /** Whether it answered its last probe, or a request since. */
  boolean up() {
    return up;
  }

  void up(boolean answers) {
    if (up != answers) {
      up = answers;
    }
  }

  /** Counts one more failure in a row. */
  int failed() {
    return failuresInRow.incrementAndGet();
  }

  void succeeded() {
    if (failuresInRow.get() != 0) {
      failuresInRow.set(0);
    }
    up(true);
  }

  void eject(long until) {
    failuresInRow.set(0);
    ejectedUntil = until;
  }

  boolean ejected(long now) {
    return ejectedUntil - now > 0;
  }

  long ejectedUntil() {
    return ejectedUntil;
  }

  /** It asks to be left alone for a while. */
  void rest(long until) {
    restsUntil = until;
  }

  /** Nanoseconds for which it is left out, 0 or less when it is not. */
  long leftOutFor(long now) {
    return Math.max(ejectedUntil - now, restsUntil - now);
  }

  boolean usable(long now) {
    return up && leftOutFor(now) <= 0;
  }
}
