package weir.journal;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;

/** How values are bound and read. */
final class Rows {
  private Rows() {}

  /** The one number that the query gives. */
  static long onlyLong(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("A query for one number gave none");
      }
      return row.getLong(1);
    }
  }

  /** A column that is declared NOT NULL. */
  static String text(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    if (text == null) {
      throw new SQLException("Column " + column + " is null where text is declared");
    }
    return text;
  }

  /** NaN is stored as null: no engine keeps it the same way. */
  static void setNumber(PreparedStatement statement, int index, double number) throws SQLException {
    if (Double.isNaN(number)) {
      statement.setNull(index, Types.DOUBLE);
    } else {
      statement.setDouble(index, number);
    }
  }

  static double number(ResultSet row, int column) throws SQLException {
    double number = row.getDouble(column);
    return row.wasNull() ? Double.NaN : number;
  }
}
