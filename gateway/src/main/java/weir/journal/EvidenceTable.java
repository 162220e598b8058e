package weir.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The statements on checkpoints; a key is written once, and its units, which may be a million,
 * carry a small number instead.
 */
final class EvidenceTable {
  private EvidenceTable() {}

  static void replace(Connection connection, String key, byte[] state, List<UnitMark> units)
      throws SQLException {
    OptionalLong known = id(connection, key);
    long id = known.isPresent() ? known.getAsLong() : nextId(connection);
    String sql =
        "INSERT INTO evidence (id, name, state) VALUES (?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET state = excluded.state";
    try (PreparedStatement upsert = connection.prepareStatement(sql)) {
      upsert.setLong(1, id);
      upsert.setString(2, key);
      upsert.setBytes(3, state);
      upsert.executeUpdate();
    }
    if (!units.isEmpty()) {
      mark(connection, id, units);
    }
  }

  private static void mark(Connection connection, long id, List<UnitMark> units)
      throws SQLException {
    String sql =
        "INSERT INTO evidence_unit (evidence_id, unit_hash, mark) VALUES (?, ?, ?)"
            + " ON CONFLICT (evidence_id, unit_hash) DO UPDATE SET mark = excluded.mark";
    try (PreparedStatement upsert = connection.prepareStatement(sql)) {
      for (UnitMark unit : units) {
        upsert.setLong(1, id);
        upsert.setLong(2, unit.unitHash());
        upsert.setInt(3, unit.mark());
        upsert.addBatch();
      }
      upsert.executeBatch();
    }
  }

  private static OptionalLong id(Connection connection, String key) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT id FROM evidence WHERE name = ?")) {
      query.setString(1, key);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  private static long nextId(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT COALESCE(MAX(id), 0) + 1 FROM evidence")) {
      return Rows.onlyLong(query);
    }
  }

  static Optional<byte[]> state(Connection connection, String key) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT state FROM evidence WHERE name = ?")) {
      query.setString(1, key);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.ofNullable(row.getBytes(1)) : Optional.empty();
      }
    }
  }

  static List<UnitMark> units(Connection connection, String key) throws SQLException {
    String sql =
        "SELECT unit_hash, mark FROM evidence_unit"
            + " WHERE evidence_id = (SELECT id FROM evidence WHERE name = ?) ORDER BY unit_hash";
    List<UnitMark> units = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, key);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          units.add(new UnitMark(row.getLong(1), row.getInt(2)));
        }
      }
    }
    return List.copyOf(units);
  }

  static void remove(Connection connection, String key) throws SQLException {
    String units =
        "DELETE FROM evidence_unit"
            + " WHERE evidence_id = (SELECT id FROM evidence WHERE name = ?)";
    for (String sql : List.of(units, "DELETE FROM evidence WHERE name = ?")) {
      try (PreparedStatement delete = connection.prepareStatement(sql)) {
        delete.setString(1, key);
        delete.executeUpdate();
      }
    }
  }
}
