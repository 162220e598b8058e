package weir.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/**
 * One SQLite file: one connection writes and one reads, so a long read delays no decision.
 *
 * <p>Every write holds the file's one lock from its beginning, so there is nothing more to lock.
 */
final class SqliteEngine implements Engine {
  /** To the millisecond; the application's clock has no say in leases. */
  private static final String NOW =
      "SELECT CAST(ROUND(unixepoch('now', 'subsec') * 1000) AS INTEGER) * 1000";

  private final Lane writer;
  private final Lane reader;

  private SqliteEngine(Lane writer, Lane reader) {
    this.writer = writer;
    this.reader = reader;
  }

  static SqliteEngine open(SqliteFile file, Migrations migrations, Instant now) {
    Connection first = file.openFirst(migrations, now);
    Connection second;
    try {
      second = file.openAgain();
    } catch (JournalUnavailableException e) {
      file.close(first);
      throw e;
    }
    return new SqliteEngine(
        new Lane("weir-journal-writer", file, first),
        new Lane("weir-journal-reader", file, second));
  }

  @Override
  public <T> T read(String operation, Work<T> work) {
    return reader.read(operation, work);
  }

  @Override
  public <T> T write(String operation, Work<T> work) {
    return writer.write(operation, work);
  }

  @Override
  public <T> T alone(String operation, Work<T> work) {
    return writer.write(operation, work);
  }

  @Override
  public void lock(Connection connection, Lock lock) {}

  @Override
  public long nowMicros(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(NOW)) {
      return Rows.onlyLong(query);
    }
  }

  @Override
  public long feedbackRows(Connection connection) throws SQLException {
    return FeedbackTable.count(connection);
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public void appends(Connection connection) {}

  /** A file tells nobody; who shares one looks for himself. */
  @Override
  public Hearing onChange(Runnable told) {
    return () -> {};
  }

  @Override
  public void close() {
    writer.close();
    reader.close();
  }
}
