package weir.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection, used by one platform thread of its own.
 *
 * <p>The driver waits for the disk in native code, which would hold a virtual thread's carrier and
 * with it requests that have nothing to do with the journal. Callers wait here instead, a bounded
 * number of them for a bounded time.
 */
final class Lane implements AutoCloseable {
  private static final int WAITING_MAX = 256;
  private static final Duration WAIT_MAX = Duration.ofSeconds(5);

  private final SqliteFile file;
  private final ThreadPoolExecutor thread;

  /** Used on the thread only, and after its end. */
  private @Nullable Connection connection;

  Lane(String name, SqliteFile file, Connection first) {
    this.file = file;
    this.connection = first;
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name(name).factory());
  }

  /** Reads; each statement sees one moment. */
  <T> T read(String operation, Engine.Work<T> work) {
    return call(operation, work);
  }

  /** Runs {@code work} in a transaction that excludes every other writer of the file. */
  <T> T write(String operation, Engine.Work<T> work) {
    return call(
        operation,
        open -> {
          file.begin(open);
          T result = work.run(open);
          file.commit(open);
          return result;
        });
  }

  private <T> T call(String operation, Engine.Work<T> work) {
    long arrived = System.nanoTime();
    try {
      return thread.submit(() -> run(operation, work, arrived)).get();
    } catch (RejectedExecutionException e) {
      throw new JournalUnavailableException(
          thread.isShutdown()
              ? "The journal is closed"
              : "The journal has %d calls waiting already. Send less, or find out why its disk is slow"
                  .formatted(WAITING_MAX),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalUnavailableException(
          "The wait for the journal was interrupted, and the outcome is unknown", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof JournalUnavailableException told) {
        throw new JournalUnavailableException(String.valueOf(told.getMessage()), told);
      }
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw new IllegalArgumentException(String.valueOf(refused.getMessage()), refused);
      }
      throw new IllegalStateException("The journal has a defect in " + operation, e.getCause());
    }
  }

  private <T> T run(String operation, Engine.Work<T> work, long arrived) {
    if (System.nanoTime() - arrived > WAIT_MAX.toNanos()) {
      throw new JournalUnavailableException(
          "The journal was busy for %d s and did not begin. Find out why its disk is slow"
              .formatted(WAIT_MAX.toSeconds()));
    }
    Connection open = connection;
    if (open == null) {
      open = file.openAgain();
      connection = open;
    }
    try {
      return work.run(open);
    } catch (SQLException e) {
      reset(open);
      throw file.unavailable(operation, e);
    } catch (RuntimeException e) {
      reset(open);
      throw e;
    }
  }

  /** After this the next call finds no transaction begun. */
  private void reset(Connection open) {
    if (!file.rolledBack(open)) {
      connection = null;
      file.close(open);
    }
  }

  /** Ends what is waiting, then the connection. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (thread.awaitTermination(WAIT_MAX.toSeconds() + 1, TimeUnit.SECONDS)) {
        Connection open = connection;
        if (open != null) {
          connection = null;
          file.close(open);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
