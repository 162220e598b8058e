package weir.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The statements on checkpoints; a key is written once, and its units, which may be a million,
 * carry a small number instead.
 */
final class EvidenceTable {
  private EvidenceTable() {}

  /**
   * The row of a known key is locked by its update, so writers of one key follow each other; a new
   * key's number needs the lock on all of them.
   */
  static void replace(
      Engine engine, Connection connection, String key, byte[] state, List<UnitMark> units)
      throws SQLException {
    if (!updated(connection, key, state)) {
      engine.lock(connection, Engine.Lock.KEYS);
      insert(connection, key, state);
    }
    OptionalLong id = id(connection, key);
    if (!units.isEmpty() && id.isPresent()) {
      mark(connection, id.getAsLong(), units);
    }
  }

  /** The number of {@code key}, which gets an empty state when it has none. */
  static long known(Engine engine, Connection connection, String key) throws SQLException {
    OptionalLong id = id(connection, key);
    if (id.isPresent()) {
      return id.getAsLong();
    }
    engine.lock(connection, Engine.Lock.KEYS);
    String sql =
        "INSERT INTO evidence (id, name, state)"
            + " VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM evidence), ?, ?)"
            + " ON CONFLICT (name) DO NOTHING";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, key);
      insert.setBytes(2, new byte[0]);
      insert.executeUpdate();
    }
    return id(connection, key).orElseThrow(() -> new SQLException("A new key has no number"));
  }

  private static boolean updated(Connection connection, String key, byte[] state)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE evidence SET state = ? WHERE name = ?")) {
      update.setBytes(1, state);
      update.setString(2, key);
      return update.executeUpdate() > 0;
    }
  }

  /** Another may have been first with this key by now. */
  private static void insert(Connection connection, String key, byte[] state) throws SQLException {
    String sql =
        "INSERT INTO evidence (id, name, state)"
            + " VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM evidence), ?, ?)"
            + " ON CONFLICT (name) DO UPDATE SET state = excluded.state";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, key);
      insert.setBytes(2, state);
      insert.executeUpdate();
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

  static OptionalLong id(Connection connection, String key) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT id FROM evidence WHERE name = ?")) {
      query.setString(1, key);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
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

  /** By key, in no order. */
  static Map<String, byte[]> states(Connection connection, String prefix) throws SQLException {
    String sql = "SELECT name, state FROM evidence WHERE substr(name, 1, ?) = ?";
    Map<String, byte[]> states = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setInt(1, prefix.codePointCount(0, prefix.length()));
      query.setString(2, prefix);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          states.put(Rows.text(row, 1), row.getBytes(2));
        }
      }
    }
    return Map.copyOf(states);
  }

  /** The key first, as {@link #replace} does: of two at once one waits for the other. */
  static void remove(Connection connection, String key) throws SQLException {
    OptionalLong id = id(connection, key);
    if (id.isEmpty()) {
      return;
    }
    try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM evidence WHERE id = ? AND name = ?");
        PreparedStatement units =
            connection.prepareStatement("DELETE FROM evidence_unit WHERE evidence_id = ?");
        PreparedStatement claims =
            connection.prepareStatement("DELETE FROM unit_claim WHERE evidence_id = ?")) {
      delete.setLong(1, id.getAsLong());
      delete.setString(2, key);
      if (delete.executeUpdate() > 0) {
        units.setLong(1, id.getAsLong());
        units.executeUpdate();
        claims.setLong(1, id.getAsLong());
        claims.executeUpdate();
      }
    }
  }
}
