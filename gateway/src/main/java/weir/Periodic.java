package weir;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Something done again and again on a virtual thread of its own, until it is closed. */
final class Periodic implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Periodic.class.getName());

  private final Thread thread;

  private Periodic(Thread thread) {
    this.thread = thread;
  }

  static Periodic start(String name, Duration interval, Runnable action) {
    return new Periodic(Thread.ofVirtual().name(name).start(() -> repeat(name, interval, action)));
  }

  private static void repeat(String name, Duration interval, Runnable action) {
    try {
      while (true) {
        Thread.sleep(interval);
        run(name, action);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The catch-all of this thread: one failure must not end what is done for the next hours. */
  private static void run(String name, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, name + " failed; it goes on", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
