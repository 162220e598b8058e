package weir;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import weir.journal.Hearing;
import weir.journal.Journal;
import weir.rollout.RolloutControl;

/**
 * Looks at the rollouts four times a second, and exchanges with the journal each second; either at
 * once when woken.
 *
 * <p>Two platform threads: models that hang in native code may hold every carrier of virtual ones,
 * and then the rollback is needed most; and the one that looks never waits for the journal.
 */
final class ControlLoop implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ControlLoop.class.getName());
  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration EXCHANGE = Duration.ofSeconds(1);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final Turns looks = new Turns("control", TICK);
  private final Turns exchanges = new Turns("journal", EXCHANGE);
  private volatile Hearing hearing = () -> {};

  /** Something done in turns on a thread of its own. */
  private static final class Turns {
    private final String name;
    private final Duration every;
    private final Semaphore woken = new Semaphore(0);
    private volatile boolean stopped;
    private volatile Thread thread = Thread.currentThread();

    Turns(String name, Duration every) {
      this.name = name;
      this.every = every;
    }

    void start(Runnable turn, Runnable last) {
      thread = Thread.ofPlatform().name(name).daemon().start(() -> run(turn, last));
    }

    void wake() {
      woken.release();
    }

    private void run(Runnable turn, Runnable last) {
      while (!stopped) {
        try {
          boolean _ = woken.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS);
          woken.drainPermits();
          guarded(turn);
        } catch (InterruptedException e) {
          break;
        }
      }
      guarded(last);
    }

    private void guarded(Runnable turn) {
      try {
        turn.run();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a turn of " + name + " failed; rollouts go on", e);
      }
    }

    void stop() {
      stopped = true;
      wake();
      try {
        thread.join(STOP_WITHIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What asks for a turn at once; any thread, returns at once. */
  RolloutControl.Wake wake() {
    return new RolloutControl.Wake(looks::wake, exchanges::wake);
  }

  /** {@code journal} wakes the exchange when others append. */
  void start(RolloutControl control, Journal journal) {
    looks.start(control::tick, () -> {});
    exchanges.start(control::exchange, control::end);
    hearing = journal.onChange(exchanges::wake);
  }

  @Override
  public void close() {
    hearing.close();
    looks.stop();
    exchanges.stop();
  }
}
