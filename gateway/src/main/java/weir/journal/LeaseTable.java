package weir.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * The statements on leases; the caller holds the lock on the order of entries around each.
 *
 * <p>The database's clock may be set. Ahead, and a lease runs out early. Back, and it would last as
 * much longer: so one that ends later than twice the time that is asked for now counts as run out.
 * Either way its holder writes nothing once another has taken it, because the term is the next one.
 */
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
    boolean own = known.filter(row -> row.holder().equals(holder)).isPresent();
    if (!own && known.filter(row -> row.holds(nowMicros, time)).isPresent()) {
      return Optional.empty();
    }
    boolean renewed = own && known.get().endsAt() > nowMicros;
    long term = known.map(Row::term).orElse(0L) + (renewed ? 0 : 1);
    Row next = new Row(holder, term, nowMicros + micros(time));
    put(connection, name, next);
    return Optional.of(new Lease(name, holder, term, Micros.instant(next.endsAt())));
  }

  private static long micros(Duration time) {
    return time.toNanos() / NANOS_PER_MICRO;
  }

  /** The lease while another cannot take it for that time. */
  static Optional<Lease> holder(Connection connection, String name, Duration time, long nowMicros)
      throws SQLException {
    return row(connection, name)
        .filter(row -> row.holds(nowMicros, time))
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

  private record Row(String holder, long term, long endsAt) {
    /** Against another who asks for {@code time}. */
    boolean holds(long nowMicros, Duration time) {
      return endsAt > nowMicros && endsAt - nowMicros <= 2 * micros(time);
    }
  }

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
