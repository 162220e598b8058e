package weir.backend;

import ai.onnxruntime.OrtException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends native calls that run past their deadline, and sees to it that those that run for long leave
 * carriers to the others; {@code gateway/decisions/calls-that-hang.md}.
 *
 * <p>A platform thread, since calls that hang hold the carriers of virtual ones.
 */
final class CallWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(CallWatch.class.getName());
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMillis(2);

  private final Carriers carriers;
  private final Set<CallLimit> limits = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private CallWatch(Carriers carriers) {
    this.carriers = carriers;
  }

  static CallWatch start(Carriers carriers) {
    CallWatch watch = new CallWatch(carriers);
    Thread.ofPlatform().name("call-watch").daemon().start(watch::run);
    return watch;
  }

  /** A limit that is watched until {@link #release}. */
  CallLimit limit() throws OrtException {
    CallLimit limit = new CallLimit();
    limits.add(limit);
    return limit;
  }

  void release(CallLimit limit) {
    limits.remove(limit);
    limit.close();
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(LOOK.toNanos());
      long now = System.nanoTime();
      int longCalls = 0;
      for (CallLimit limit : limits) {
        longCalls += limit.runsSince(now - LONG.toNanos()) ? 1 : 0;
        expire(limit, now);
      }
      carriers.look(longCalls, now);
    }
  }

  private static void expire(CallLimit limit, long now) {
    try {
      limit.expire(now);
    } catch (OrtException | RuntimeException e) {
      LOG.log(Level.WARNING, "a call past its deadline could not be ended", e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
