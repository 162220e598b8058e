package weir.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** The statements on claims: of each unit's marks, who was first. */
final class ClaimTable {
  private static final Comparator<UnitMark> ORDER =
      Comparator.comparingLong(UnitMark::unitHash).thenComparingInt(UnitMark::mark);

  private ClaimTable() {}

  /** A mark that is claimed, and by whom. */
  record Claimed(UnitMark mark, long claimant) {}

  /** Writes in the order of keys, so that two who claim the same never wait in a circle. */
  static List<Boolean> claim(
      Engine engine, Connection connection, String key, long claimant, List<UnitMark> marks)
      throws SQLException {
    long id = EvidenceTable.known(engine, connection, key);
    List<Integer> order =
        IntStream.range(0, marks.size())
            .boxed()
            .sorted(Comparator.comparing(marks::get, ORDER))
            .toList();
    String sql =
        "INSERT INTO unit_claim (evidence_id, unit_hash, mark, claimant) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (evidence_id, unit_hash, mark)"
            + " DO UPDATE SET claimant = excluded.claimant"
            + " WHERE unit_claim.claimant = excluded.claimant";
    Boolean[] granted = new Boolean[marks.size()];
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int index : order) {
        insert.setLong(1, id);
        insert.setLong(2, marks.get(index).unitHash());
        insert.setInt(3, marks.get(index).mark());
        insert.setLong(4, claimant);
        insert.addBatch();
      }
      int[] counts = insert.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        granted[order.get(i)] = counts[i] > 0;
      }
    }
    return List.of(granted);
  }

  /** All claims of {@code key}, in order. */
  static List<Claimed> claims(Connection connection, String key) throws SQLException {
    String sql =
        "SELECT unit_hash, mark, claimant FROM unit_claim"
            + " WHERE evidence_id = (SELECT id FROM evidence WHERE name = ?)"
            + " ORDER BY unit_hash, mark";
    List<Claimed> claims = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, key);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          claims.add(new Claimed(new UnitMark(row.getLong(1), row.getInt(2)), row.getLong(3)));
        }
      }
    }
    return claims;
  }

  /** Adds what was claimed elsewhere; {@code key} has its state already. */
  static void insert(Connection connection, String key, List<Claimed> claims) throws SQLException {
    String sql =
        "INSERT INTO unit_claim (evidence_id, unit_hash, mark, claimant)"
            + " VALUES ((SELECT id FROM evidence WHERE name = ?), ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Claimed each : claims) {
        insert.setString(1, key);
        insert.setLong(2, each.mark().unitHash());
        insert.setInt(3, each.mark().mark());
        insert.setLong(4, each.claimant());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Removes at most {@code max} claims of {@code key}; the number removed. */
  static int remove(Connection connection, String key, int max) throws SQLException {
    OptionalLong id = EvidenceTable.id(connection, key);
    if (id.isEmpty()) {
      return 0;
    }
    String sql =
        "DELETE FROM unit_claim WHERE (evidence_id, unit_hash, mark) IN"
            + " (SELECT evidence_id, unit_hash, mark FROM unit_claim WHERE evidence_id = ? LIMIT ?)";
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setLong(1, id.getAsLong());
      delete.setInt(2, max);
      return delete.executeUpdate();
    }
  }
}
