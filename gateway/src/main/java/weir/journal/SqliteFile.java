package weir.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Everything that is SQLite's own: how a file is opened and checked, how a write transaction
 * begins, and what its errors mean.
 *
 * <p>Write-ahead log: readers never wait for the writer. {@code synchronous=FULL}: a commit returns
 * after the log is on the disk. {@code BEGIN IMMEDIATE} takes the file's one write lock before the
 * first read, so what a transaction has read stays true until it commits, in every process.
 */
record SqliteFile(Path file, long bytesMax) {
  /** How long a transaction waits for another process's. */
  static final int BUSY_MILLIS = 2_000;

  private static final int PAGE_BYTES = 4096;
  private static final int PRIMARY_CODE = 0xff;
  private static final long LOG_BYTES_KEPT = 64L << 20;

  /** Opens the file, makes it when it is new, refuses one that is not a sound journal. */
  Connection openFirst(Migrations migrations, Instant now) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new JournalUnavailableException(
          "The folder of the journal %s cannot be made: %s. Make it, or name another file"
              .formatted(file, e),
          e);
    }
    @SuppressWarnings("MustBeClosedChecker") // handed to the caller, and closed where that fails
    Connection connection = connect();
    try {
      prepare(connection, migrations, now);
      return connection;
    } catch (SQLException e) {
      close(connection);
      throw unavailable("open", e);
    } catch (RuntimeException e) {
      close(connection);
      throw e;
    }
  }

  private void prepare(Connection connection, Migrations migrations, Instant now)
      throws SQLException {
    boolean journal = number(connection, countOfTables("= '" + Migrations.TABLE + "'")) > 0;
    if (!journal && number(connection, countOfTables("NOT LIKE 'sqlite_%'")) > 0) {
      throw new JournalUnavailableException(
          "%s is a database of something else. Name another file for the journal".formatted(file));
    }
    int version = journal ? Migrations.version(connection) : 0;
    if (version > migrations.latest()) {
      throw new JournalUnavailableException(
          ("The journal %s has schema %d and this build knows %d at most. Start the newer build"
                  + " again, or name another file")
              .formatted(file, version, migrations.latest()));
    }
    if (journal) {
      check(connection);
    }
    tune(connection);
    if (version < migrations.latest()) {
      begin(connection);
      migrations.apply(connection, now);
      commit(connection);
    }
  }

  private static String countOfTables(String condition) {
    return "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name " + condition;
  }

  private void check(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
      String found = row.next() ? row.getString(1) : "no answer";
      if (!"ok".equals(found)) {
        throw new JournalUnavailableException(damaged(found));
      }
    }
  }

  /** Opens a file that {@link #openFirst} has prepared. */
  Connection openAgain() {
    if (!Files.exists(file)) {
      throw new JournalUnavailableException(
          "The journal %s is gone. Put it back, or start again to begin a new one".formatted(file));
    }
    Connection connection = connect();
    try {
      tune(connection);
      return connection;
    } catch (SQLException e) {
      close(connection);
      throw unavailable("open", e);
    }
  }

  private Connection connect() {
    try {
      return DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath().toUri());
    } catch (SQLException e) {
      throw unavailable("open", e);
    }
  }

  private void tune(Connection connection) throws SQLException {
    execute(connection, "PRAGMA busy_timeout = " + BUSY_MILLIS);
    execute(connection, "PRAGMA journal_mode = WAL");
    execute(connection, "PRAGMA synchronous = FULL");
    execute(connection, "PRAGMA journal_size_limit = " + LOG_BYTES_KEPT);
    execute(connection, "PRAGMA max_page_count = " + bytesMax / PAGE_BYTES);
  }

  void begin(Connection connection) throws SQLException {
    execute(connection, "BEGIN IMMEDIATE");
  }

  void commit(Connection connection) throws SQLException {
    execute(connection, "COMMIT");
  }

  /** Ends the transaction if SQLite has not done so itself; whether the connection is sound. */
  boolean rolledBack(Connection connection) {
    try {
      execute(connection, "ROLLBACK");
      return true;
    } catch (SQLException e) {
      return String.valueOf(e.getMessage()).contains("no transaction is active");
    }
  }

  void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // What was acknowledged is on the disk; the system frees the rest.
      return;
    }
  }

  /** What to tell of a failure. */
  JournalUnavailableException unavailable(String operation, SQLException failure) {
    SQLiteErrorCode code =
        failure instanceof SQLiteException own
            ? SQLiteErrorCode.getErrorCode(own.getResultCode().code & PRIMARY_CODE)
            : SQLiteErrorCode.UNKNOWN_ERROR;
    String told =
        switch (code) {
          case SQLITE_FULL ->
              "The journal %s is full: its disk, or its limit of %d MiB. Free space or raise the limit"
                  .formatted(file, bytesMax >> 20);
          case SQLITE_READONLY, SQLITE_PERM ->
              "The journal %s cannot be written. Give this user the right to write it and its folder"
                  .formatted(file);
          case SQLITE_BUSY, SQLITE_LOCKED ->
              "The journal %s was locked by another process for %d ms. Find and end what holds it"
                  .formatted(file, BUSY_MILLIS);
          case SQLITE_CANTOPEN ->
              "The journal %s cannot be opened. Check that its folder is there and may be written"
                  .formatted(file);
          case SQLITE_NOTADB ->
              "%s is not a database. Name another file for the journal".formatted(file);
          case SQLITE_CORRUPT -> damaged(String.valueOf(failure.getMessage()));
          case SQLITE_IOERR ->
              ("The disk of the journal %s failed or is full, and the outcome is unknown: read before"
                      + " trying again. Check the disk")
                  .formatted(file);
          default -> "The journal %s failed. See the cause".formatted(file);
        };
    return new JournalUnavailableException(
        "%s (%s: %s)".formatted(told, operation, failure.getMessage()), failure);
  }

  private String damaged(String found) {
    return "The journal %s is damaged: %s. Put a copy of before in its place"
        .formatted(file, found);
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
