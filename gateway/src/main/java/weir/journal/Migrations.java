package weir.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/**
 * The schema's versions: scripts of this package's resources, version 1 first, each applied once.
 *
 * <p>A script that was released is never changed. Statements end with a semicolon at a line's end.
 */
record Migrations(List<String> scripts) {
  /** The table that says which versions a database has. */
  static final String TABLE = "weir_schema";

  static final Migrations ALL =
      new Migrations(List.of("001-start.sql", "002-lease.sql", "003-unit-claim.sql"));

  Migrations {
    scripts = List.copyOf(scripts);
  }

  int latest() {
    return scripts.size();
  }

  /** The version of a database that has {@link #TABLE}. */
  static int version(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT COALESCE(MAX(version), 0) FROM " + TABLE)) {
      return Math.toIntExact(Rows.onlyLong(query));
    }
  }

  /** Applies what is missing; the caller holds the one write transaction around it. */
  void apply(Connection connection, Instant at) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (version INTEGER NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)");
      for (int version = version(connection) + 1; version <= latest(); version++) {
        for (String sql : script(scripts.get(version - 1)).split(";\\s*\n", -1)) {
          if (!sql.isBlank()) {
            statement.executeUpdate(sql);
          }
        }
        applied(connection, version, at);
      }
    }
  }

  private static void applied(Connection connection, int version, Instant at) throws SQLException {
    String sql = "INSERT INTO " + TABLE + " (version, applied_at) VALUES (?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setInt(1, version);
      insert.setLong(2, Micros.of(at));
      insert.executeUpdate();
    }
  }

  private static String script(String name) {
    try (InputStream resource = Migrations.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException("The build lacks the journal's script " + name);
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
