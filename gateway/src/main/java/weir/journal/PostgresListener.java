package weir.journal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of other processes' appends on a connection of its own, and connects again after it broke.
 *
 * <p>A silent connection is asked every few seconds whether it lives. Each time it begins to hear,
 * it tells, because nobody knows what went by before.
 */
final class PostgresListener implements Hearing {
  static final String CHANNEL = "weir_journal";

  private static final Logger LOG = System.getLogger(PostgresListener.class.getName());
  private static final Duration SILENCE_ASKED_AFTER = Duration.ofSeconds(5);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final Duration END_MAX = Duration.ofSeconds(3);

  private final PostgresServer server;
  private final String self;
  private final Runnable told;
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread thread;

  /** Of the thread; a loss is logged once. */
  private boolean hearing = true;

  /** Guarded by the lock. */
  private @Nullable Connection connection;

  /** Guarded by the lock. */
  private boolean closed;

  private PostgresListener(PostgresServer server, String self, Runnable told) {
    this.server = server;
    this.self = self;
    this.told = told;
    thread = Thread.ofVirtual().name("weir-journal-listener").unstarted(this::run);
  }

  /** {@code self} is what our own notices say. */
  static PostgresListener start(PostgresServer server, String self, Runnable told) {
    PostgresListener listener = new PostgresListener(server, self, told);
    listener.thread.start();
    return listener;
  }

  private void run() {
    while (!closed()) {
      try (Connection fresh = server.connect()) {
        if (!keep(fresh)) {
          return;
        }
        listen(fresh);
      } catch (SQLException e) {
        if (hearing && !closed()) {
          LOG.log(Level.WARNING, "Appends of other replicas are not heard now: " + e.getMessage());
        }
        hearing = false;
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "The hearer of other replicas' appends has a defect", e);
      }
      pause();
    }
  }

  private void listen(Connection fresh) throws SQLException {
    try (Statement statement = fresh.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
    }
    PGConnection notices = fresh.unwrap(PGConnection.class);
    hearing = true;
    told.run();
    while (!closed()) {
      PGNotification[] news =
          notices.getNotifications(Math.toIntExact(SILENCE_ASKED_AFTER.toMillis()));
      if (news == null || news.length == 0) {
        ask(fresh);
      } else if (others(news)) {
        told.run();
      }
    }
  }

  private boolean others(PGNotification[] news) {
    for (PGNotification each : news) {
      if (!each.getParameter().equals(self)) {
        return true;
      }
    }
    return false;
  }

  private static void ask(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    }
  }

  private void pause() {
    try {
      Thread.sleep(BETWEEN_TRIES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean keep(Connection fresh) {
    lock.lock();
    try {
      connection = fresh;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean closed() {
    lock.lock();
    try {
      return closed || Thread.currentThread().isInterrupted();
    } finally {
      lock.unlock();
    }
  }

  /** The thread may wait in the socket: the connection is cut under it. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (connection != null) {
        connection.abort(Runnable::run);
      }
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "A connection could not be cut", e);
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    try {
      thread.join(END_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
