package weir.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The statements on leases; the caller holds the lock on the order of entries around each. */
final class LeaseTable {
  private static final long NANOS_PER_MICRO = 1_000;

  private LeaseTable() {}

  /**
   * Renews the holder's own lease, takes one that is free or has run out, leaves another's.
   *
   * <p>Taking waits for entries that are on their way under the term before, so that none of them
   * becomes visible after it.
   */
  static Optional<Lease> take(
      Connection connection, String name, String holder, Duration time, long nowMicros)
      throws SQLException {
    Optional<Row> known = row(connection, name);
    boolean held = known.isPresent() && known.get().endsAt() > nowMicros;
    if (held && !known.get().holder().equals(holder)) {
      return Optional.empty();
    }
    long term = known.map(Row::term).orElse(0L) + (held ? 0 : 1);
    Row next = new Row(holder, term, nowMicros + time.toNanos() / NANOS_PER_MICRO);
    put(connection, name, next);
    return Optional.of(new Lease(name, holder, term, Micros.instant(next.endsAt())));
  }

  /** The lease while it has not run out. */
  static Optional<Lease> holder(Connection connection, String name, long nowMicros)
      throws SQLException {
    return row(connection, name)
        .filter(row -> row.endsAt() > nowMicros)
        .map(row -> new Lease(name, row.holder(), row.term(), Micros.instant(row.endsAt())));
  }

  /** The newest term when the lease may not be written under; empty when it may. */
  static Optional<Append.Fenced> fence(Connection connection, Lease lease, long nowMicros)
      throws SQLException {
    Optional<Row> known = row(connection, lease.name());
    boolean good =
        known.isPresent()
            && known.get().term() == lease.term()
            && known.get().holder().equals(lease.holder())
            && known.get().endsAt() > nowMicros;
    return good
        ? Optional.empty()
        : Optional.of(new Append.Fenced(known.map(Row::term).orElse(0L)));
  }

  private record Row(String holder, long term, long endsAt) {}

  private static Optional<Row> row(Connection connection, String name) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT holder, term, ends_at FROM lease WHERE name = ?")) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(new Row(Rows.text(row, 1), row.getLong(2), row.getLong(3)))
            : Optional.empty();
      }
    }
  }

  private static void put(Connection connection, String name, Row row) throws SQLException {
    String sql =
        "INSERT INTO lease (name, holder, term, ends_at) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (name) DO UPDATE"
            + " SET holder = excluded.holder, term = excluded.term, ends_at = excluded.ends_at";
    try (PreparedStatement upsert = connection.prepareStatement(sql)) {
      upsert.setString(1, name);
      upsert.setString(2, row.holder());
      upsert.setLong(3, row.term());
      upsert.setLong(4, row.endsAt());
      upsert.executeUpdate();
    }
  }
}
