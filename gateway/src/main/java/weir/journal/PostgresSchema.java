package weir.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Brings the tables up to date when a replica starts.
 *
 * <p>Of replicas that start together one migrates, in one transaction under a lock; the others wait
 * for it and find nothing left to do.
 */
final class PostgresSchema {
  private static final int LOCK = 1;

  private PostgresSchema() {}

  static void prepare(PostgresServer server, Migrations migrations, Instant now) {
    if (version(server, migrations) < migrations.latest()) {
      Connection connection;
      try {
        connection = server.connectPatiently();
      } catch (SQLException e) {
        throw server.unavailable("open", e, false);
      }
      PostgresEngine.transaction(
          server,
          "open",
          connection,
          own -> {
            PostgresEngine.lock(own, LOCK);
            requireKnown(server, migrations, version(own));
            migrations.apply(own, now);
            return true;
          });
    }
  }

  /** Without waiting for anybody's migration, and within the limits of a call. */
  private static int version(PostgresServer server, Migrations migrations) {
    try (Connection connection = server.connect()) {
      int version = version(connection);
      requireKnown(server, migrations, version);
      return version;
    } catch (SQLException e) {
      throw server.unavailable("open", e, false);
    }
  }

  private static int version(Connection connection) throws SQLException {
    String sql =
        "SELECT COUNT(*) FROM information_schema.tables"
            + " WHERE table_schema = current_schema() AND table_name = ?";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, Migrations.TABLE);
      return Rows.onlyLong(query) == 0 ? 0 : Migrations.version(connection);
    }
  }

  private static void requireKnown(PostgresServer server, Migrations migrations, int version) {
    if (version > migrations.latest()) {
      throw new JournalUnavailableException(
          ("The journal at %s has schema %d and this build knows %d at most. Start the newer build"
                  + " again, or name another database")
              .formatted(server, version, migrations.latest()));
    }
  }
}
