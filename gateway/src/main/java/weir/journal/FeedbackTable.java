package weir.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The statements on accepted feedback. */
final class FeedbackTable {
  private static final String COLUMNS =
      "prediction, kind, model, version, generation, probability, predicted_at, unit_hash,"
          + " score, score_label, outcome, outcome_label, received_at";

  private static final Comparator<FeedbackRow> KEY =
      Comparator.comparing(FeedbackRow::prediction).thenComparing(FeedbackRow::kind);

  /** Not the database's: PostgreSQL compares texts by the rules of a language. */
  private static final Comparator<FeedbackRow> TIME =
      Comparator.comparing(FeedbackRow::predictedAt).thenComparing(KEY);

  private FeedbackTable() {}

  /** Writes in the order of keys, so that two who write the same keys never wait in a circle. */
  static List<FeedbackResult> accept(Connection connection, List<FeedbackRow> rows)
      throws SQLException {
    String sql =
        "INSERT INTO feedback ("
            + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (prediction, kind) DO NOTHING";
    List<Integer> order =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted(Comparator.comparing(rows::get, KEY))
            .toList();
    FeedbackResult[] results = new FeedbackResult[rows.size()];
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int index : order) {
        bind(insert, rows.get(index));
        insert.addBatch();
      }
      int[] counts = insert.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        results[order.get(i)] = counts[i] == 0 ? FeedbackResult.DUPLICATE : FeedbackResult.ACCEPTED;
      }
    }
    return List.of(results);
  }

  private static void bind(PreparedStatement insert, FeedbackRow row) throws SQLException {
    insert.setString(1, row.prediction());
    insert.setString(2, row.kind());
    insert.setString(3, row.model());
    insert.setString(4, row.version());
    insert.setLong(5, row.generation());
    insert.setDouble(6, row.probability());
    insert.setLong(7, Micros.of(row.predictedAt()));
    insert.setLong(8, row.unitHash());
    Rows.setNumber(insert, 9, row.score());
    insert.setString(10, row.scoreLabel());
    Rows.setNumber(insert, 11, row.value());
    insert.setString(12, row.valueLabel());
    insert.setLong(13, Micros.of(row.receivedAt()));
  }

  static List<FeedbackRow> range(Connection connection, String model, Instant after, Instant until)
      throws SQLException {
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM feedback WHERE model = ? AND predicted_at > ? AND predicted_at <= ?"
            + " ORDER BY predicted_at";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, model);
      query.setLong(2, Micros.of(after));
      query.setLong(3, Micros.of(until));
      List<FeedbackRow> rows = rows(query);
      rows.sort(TIME);
      return List.copyOf(rows);
    }
  }

  /** At most {@code max} rows after that key, in the database's order of keys. */
  static List<FeedbackRow> after(Connection connection, String prediction, String kind, int max)
      throws SQLException {
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM feedback WHERE (prediction, kind) > (?, ?) ORDER BY prediction, kind LIMIT ?";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, prediction);
      query.setString(2, kind);
      query.setInt(3, max);
      return rows(query);
    }
  }

  private static List<FeedbackRow> rows(PreparedStatement query) throws SQLException {
    List<FeedbackRow> rows = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        rows.add(row(row));
      }
    }
    return rows;
  }

  private static FeedbackRow row(ResultSet row) throws SQLException {
    return new FeedbackRow(
        Rows.text(row, 1),
        Rows.text(row, 2),
        Rows.text(row, 3),
        Rows.text(row, 4),
        row.getLong(5),
        row.getDouble(6),
        Micros.instant(row.getLong(7)),
        row.getLong(8),
        Rows.number(row, 9),
        Rows.text(row, 10),
        Rows.number(row, 11),
        Rows.text(row, 12),
        Micros.instant(row.getLong(13)));
  }

  static long count(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT COUNT(*) FROM feedback")) {
      return Rows.onlyLong(query);
    }
  }

  /** Removes at most {@code max} rows; the number removed. */
  static int prune(Connection connection, Instant before, int max) throws SQLException {
    String sql =
        "DELETE FROM feedback WHERE (prediction, kind) IN"
            + " (SELECT prediction, kind FROM feedback WHERE predicted_at < ?"
            + " ORDER BY predicted_at LIMIT ?)";
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setLong(1, Micros.of(before));
      delete.setInt(2, max);
      return delete.executeUpdate();
    }
  }
}
