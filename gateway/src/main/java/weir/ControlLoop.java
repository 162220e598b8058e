package weir;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import weir.rollout.RolloutControl;

/**
 * Looks at the rollouts four times a second, at once when woken, and keeps their evidence each
 * second.
 *
 * <p>A platform thread: models that hang in native code may hold every carrier of virtual ones, and
 * then the rollback is needed most.
 */
final class ControlLoop implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ControlLoop.class.getName());
  private static final Duration TICK = Duration.ofMillis(250);
  private static final long CHECKPOINT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final Semaphore woken = new Semaphore(0);
  private volatile Thread thread = Thread.currentThread();
  private volatile boolean stopped;

  void start(RolloutControl control) {
    thread = Thread.ofPlatform().name("control").daemon().start(() -> run(control));
  }

  /** Asks for a look at once; any thread, returns at once. */
  void wake() {
    woken.release();
  }

  private void run(RolloutControl control) {
    long kept = System.nanoTime();
    while (!stopped) {
      try {
        boolean early = woken.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
        woken.drainPermits();
        control.tick();
        if (System.nanoTime() - kept >= CHECKPOINT_NANOS && !early) {
          control.checkpoint();
          kept = System.nanoTime();
        }
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a look at the rollouts failed; they go on", e);
      }
    }
    control.checkpoint();
  }

  @Override
  public void close() {
    stopped = true;
    wake();
    try {
      thread.join(STOP_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
