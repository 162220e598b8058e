package weir.backend;

import ai.onnxruntime.OrtException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends native calls that run past their deadline; {@code gateway/decisions/calls-that-hang.md}.
 *
 * <p>A platform thread, since calls that hang hold the carriers of virtual ones.
 */
final class CallWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(CallWatch.class.getName());
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Set<CallLimit> limits = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private CallWatch() {}

  static CallWatch start() {
    CallWatch watch = new CallWatch();
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
      for (CallLimit limit : limits) {
        expire(limit);
      }
    }
  }

  private static void expire(CallLimit limit) {
    try {
      limit.expire(System.nanoTime());
    } catch (OrtException | RuntimeException e) {
      LOG.log(Level.WARNING, "a call past its deadline could not be ended", e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
