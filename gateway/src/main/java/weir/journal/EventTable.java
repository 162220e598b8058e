package weir.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The statements on decisions; the caller holds the one write transaction around an append. */
final class EventTable {
  private static final String COLUMNS =
      "SELECT stream, revision, place, recorded_at, kind, actor, why, payload FROM event ";

  private EventTable() {}

  static Append append(
      Connection connection, String stream, long expectedRevision, Instant at, Entry entry)
      throws SQLException {
    long revision = revision(connection, stream);
    if (revision != expectedRevision) {
      return new Append.Conflict(revision);
    }
    Recorded recorded =
        new Recorded(stream, revision + 1, lastPlace(connection) + 1, Micros.kept(at), entry);
    insert(connection, List.of(recorded));
    return new Append.Appended(recorded);
  }

  private static long revision(Connection connection, String stream) throws SQLException {
    String sql = "SELECT COALESCE(MAX(revision), 0) FROM event WHERE stream = ?";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, stream);
      return Rows.onlyLong(query);
    }
  }

  /**
   * Places come from the table, not from a sequence: one that is visible has none missing below.
   */
  private static long lastPlace(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT COALESCE(MAX(place), 0) FROM event")) {
      return Rows.onlyLong(query);
    }
  }

  /** As they are: their revisions and positions too. */
  static void insert(Connection connection, List<Recorded> entries) throws SQLException {
    String sql =
        "INSERT INTO event (stream, revision, place, recorded_at, kind, actor, why, payload)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Recorded recorded : entries) {
        insert.setString(1, recorded.stream());
        insert.setLong(2, recorded.revision());
        insert.setLong(3, recorded.position());
        insert.setLong(4, Micros.of(recorded.at()));
        insert.setString(5, recorded.entry().type());
        insert.setString(6, recorded.entry().actor());
        insert.setString(7, recorded.entry().why());
        insert.setString(8, recorded.entry().json());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  static List<Recorded> read(Connection connection, String stream, long afterRevision)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            COLUMNS + "WHERE stream = ? AND revision > ? ORDER BY revision")) {
      query.setString(1, stream);
      query.setLong(2, afterRevision);
      return recorded(query);
    }
  }

  static List<Recorded> after(Connection connection, long position, int max) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(COLUMNS + "WHERE place > ? ORDER BY place LIMIT ?")) {
      query.setLong(1, position);
      query.setInt(2, max);
      return recorded(query);
    }
  }

  static List<Recorded> recent(Connection connection, int max) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(COLUMNS + "ORDER BY place DESC LIMIT ?")) {
      query.setInt(1, max);
      return recorded(query);
    }
  }

  static List<Recorded> recent(Connection connection, String stream, int max) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(COLUMNS + "WHERE stream = ? ORDER BY revision DESC LIMIT ?")) {
      query.setString(1, stream);
      query.setInt(2, max);
      return recorded(query);
    }
  }

  private static List<Recorded> recorded(PreparedStatement query) throws SQLException {
    List<Recorded> recorded = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        Entry entry =
            new Entry(Rows.text(row, 5), Rows.text(row, 6), Rows.text(row, 7), Rows.text(row, 8));
        recorded.add(
            new Recorded(
                Rows.text(row, 1),
                row.getLong(2),
                row.getLong(3),
                Micros.instant(row.getLong(4)),
                entry));
      }
    }
    return List.copyOf(recorded);
  }
}
