package weir.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One PostgreSQL server behind a small pool, which callers wait for a bounded time.
 *
 * <p>The driver is pure Java, so a waiting virtual thread holds no carrier. A commit makes its rows
 * visible before it gives up its locks, so whoever holds the lock on the order reads every place
 * that was ever given: places become visible in their order, and none is left out.
 */
final class PostgresEngine implements Engine {
  private static final int WAITING_MAX = 256;

  /** The first half of the numbers of our locks: "weir". */
  private static final int LOCKS = 0x77656972;

  private static final String NOW =
      "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";

  /** Counting many rows takes seconds; the server keeps an estimate. */
  private static final String FEEDBACK_ROWS =
      "SELECT CASE WHEN reltuples > 100000 THEN CAST(reltuples AS BIGINT)"
          + " ELSE (SELECT COUNT(*) FROM feedback) END"
          + " FROM pg_class WHERE oid = CAST('feedback' AS REGCLASS)";

  private static final String EXCLUDE_WRITERS =
      "LOCK TABLE event, evidence, evidence_unit, unit_claim, feedback, lease"
          + " IN SHARE ROW EXCLUSIVE MODE";

  private static final String NO_SUCH_CHARACTER = "22021";

  private final PostgresServer server;
  private final HikariDataSource pool;

  /** Who we are to other processes, so that our own notices are told from theirs. */
  private final String self = UUID.randomUUID().toString();

  private final Runnable schema;
  private final ReentrantLock preparing = new ReentrantLock();
  private volatile boolean prepared;

  private PostgresEngine(PostgresServer server, HikariDataSource pool, Runnable schema) {
    this.server = server;
    this.pool = pool;
    this.schema = schema;
  }

  static PostgresEngine open(PostgresServer server, Migrations migrations, Instant now) {
    PostgresSchema.prepare(server, migrations, now);
    PostgresEngine engine = new PostgresEngine(server, server.pool(), () -> {});
    engine.prepared = true;
    return engine;
  }

  /** The first call that reaches the server brings its schema up to date. */
  static PostgresEngine await(PostgresServer server, Migrations migrations, InstantSource clock) {
    return new PostgresEngine(
        server, server.pool(), () -> PostgresSchema.prepare(server, migrations, clock.instant()));
  }

  private void prepare() {
    if (prepared) {
      return;
    }
    if (!preparing.tryLock()) {
      throw new JournalUnavailableException(
          "The journal at %s is not open yet. Try again".formatted(server));
    }
    try {
      if (!prepared) {
        schema.run();
        prepared = true;
      }
    } finally {
      preparing.unlock();
    }
  }

  @Override
  public <T> T read(String operation, Work<T> work) {
    return call(operation, work);
  }

  @Override
  public <T> T write(String operation, Work<T> work) {
    return call(operation, work);
  }

  private <T> T call(String operation, Work<T> work) {
    if (pool.isClosed()) {
      throw new JournalUnavailableException("The journal is closed");
    }
    prepare();
    if (pool.getHikariPoolMXBean().getThreadsAwaitingConnection() >= WAITING_MAX) {
      throw new JournalUnavailableException(
          "The journal has %d calls waiting already. Send less, raise pool-size, or find out why it is slow"
              .formatted(WAITING_MAX));
    }
    Connection connection;
    try {
      connection = pool.getConnection();
    } catch (SQLException e) {
      throw server.unavailable(operation, e, false);
    }
    return transaction(server, operation, connection, work);
  }

  @Override
  public <T> T alone(String operation, Work<T> work) {
    prepare();
    Connection connection;
    try {
      connection = server.connectPatiently();
    } catch (SQLException e) {
      throw server.unavailable(operation, e, false);
    }
    return transaction(
        server,
        operation,
        connection,
        own -> {
          try (Statement statement = own.createStatement()) {
            statement.execute(EXCLUDE_WRITERS);
          }
          return work.run(own);
        });
  }

  /** Commits what {@code work} did, or nothing; ends the connection's use. */
  static <T> T transaction(
      PostgresServer server, String operation, Connection connection, Work<T> work) {
    boolean committing = false;
    try {
      connection.setAutoCommit(false);
      T result = work.run(connection);
      committing = true;
      connection.commit();
      return result;
    } catch (SQLException e) {
      rollBack(connection);
      if (NO_SUCH_CHARACTER.equals(e.getSQLState())) {
        throw new IllegalArgumentException(
            "PostgreSQL keeps no zero character in a text; remove it", e);
      }
      throw server.unavailable(operation, e, committing);
    } catch (RuntimeException e) {
      rollBack(connection);
      throw e;
    } finally {
      close(connection);
    }
  }

  /** A connection that cannot even do that is thrown away by the pool. */
  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      return;
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      return;
    }
  }

  @Override
  public void lock(Connection connection, Lock lock) throws SQLException {
    lock(connection, lock.number());
  }

  static void lock(Connection connection, int which) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(?, ?)")) {
      statement.setInt(1, LOCKS);
      statement.setInt(2, which);
      run(statement);
    }
  }

  @Override
  public long nowMicros(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(NOW)) {
      return Rows.onlyLong(query);
    }
  }

  @Override
  public long feedbackRows(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(FEEDBACK_ROWS)) {
      return Rows.onlyLong(query);
    }
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public void appends(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      statement.setString(1, PostgresListener.CHANNEL);
      statement.setString(2, self);
      run(statement);
    }
  }

  private static void run(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
    }
  }

  @Override
  public Hearing onChange(Runnable told) {
    return PostgresListener.start(server, self, told);
  }

  @Override
  public void close() {
    pool.close();
  }
}
