package weir.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * What was copied from one journal to another; the leases stay, because their holders do.
 *
 * @param entries of all streams
 * @param checkpoints with their units and claims
 * @param feedback rows
 */
public record JournalCopy(long entries, long checkpoints, long feedback) {
  private static final int ENTRIES_AT_ONCE = 100;
  private static final int FEEDBACK_AT_ONCE = 1_000;

  /**
   * Copies everything, with instants, revisions and positions, into an empty journal: all of it or
   * nothing. Nobody else writes to either meanwhile; gateways on them are stopped first.
   *
   * @throws JournalUnavailableException when {@code to} is not empty, when one of the two fails, or
   *     when the copy is not equal
   */
  public static JournalCopy copy(Journal from, Journal to) {
    if (!(from instanceof SqlJournal source) || !(to instanceof SqlJournal target)) {
      throw new IllegalArgumentException("Only the journals of this package can be copied");
    }
    if (source.engine().equals(target.engine())) {
      throw new IllegalArgumentException("A journal cannot be copied into itself");
    }
    return source
        .engine()
        .alone(
            "copy from",
            left -> target.engine().alone("copy to", right -> copy(left, right, target.engine())));
  }

  private static JournalCopy copy(Connection from, Connection to, Engine target)
      throws SQLException {
    requireEmpty(to);
    entries(from, page -> EventTable.insert(to, page));
    checkpoints(
        from,
        (key, state, units, claims) -> {
          EvidenceTable.replace(target, to, key, state, units);
          ClaimTable.insert(to, key, claims);
        });
    feedback(from, page -> FeedbackTable.accept(to, page));
    Content before = content(from);
    Content after = content(to);
    if (!after.equals(before)) {
      throw new JournalUnavailableException(
          "The copy differs and was not kept: %s became %s".formatted(before, after));
    }
    return before.counts();
  }

  private static void requireEmpty(Connection to) throws SQLException {
    JournalCopy there = content(to).counts();
    if (!there.equals(new JournalCopy(0, 0, 0))) {
      throw new JournalUnavailableException(
          "The target has %d entries, %d checkpoints and %d rows of feedback. Name an empty one"
              .formatted(there.entries(), there.checkpoints(), there.feedback()));
    }
  }

  private interface Pages<T> {
    void take(List<T> page) throws SQLException;
  }

  private interface States {
    void take(String key, byte[] state, List<UnitMark> units, List<ClaimTable.Claimed> claims)
        throws SQLException;
  }

  private static void entries(Connection from, Pages<Recorded> to) throws SQLException {
    long place = 0;
    while (true) {
      List<Recorded> page = EventTable.after(from, place, ENTRIES_AT_ONCE);
      if (page.isEmpty()) {
        return;
      }
      to.take(page);
      place = page.getLast().position();
    }
  }

  private static void checkpoints(Connection from, States to) throws SQLException {
    for (Map.Entry<String, byte[]> each : EvidenceTable.states(from, "").entrySet()) {
      String key = each.getKey();
      to.take(key, each.getValue(), EvidenceTable.units(from, key), ClaimTable.claims(from, key));
    }
  }

  private static void feedback(Connection from, Pages<FeedbackRow> to) throws SQLException {
    String prediction = "";
    String kind = "";
    while (true) {
      List<FeedbackRow> page = FeedbackTable.after(from, prediction, kind, FEEDBACK_AT_ONCE);
      if (page.isEmpty()) {
        return;
      }
      to.take(page);
      prediction = page.getLast().prediction();
      kind = page.getLast().kind();
    }
  }

  /** How much a journal holds, and what. */
  private record Content(JournalCopy counts, String digest) {}

  private static Content content(Connection connection) throws SQLException {
    CopyDigest entries = new CopyDigest();
    entries(connection, page -> page.forEach(entries::add));
    CopyDigest checkpoints = new CopyDigest();
    checkpoints(connection, checkpoints::add);
    CopyDigest feedback = new CopyDigest();
    feedback(connection, page -> page.forEach(feedback::add));
    return new Content(
        new JournalCopy(entries.count(), checkpoints.count(), feedback.count()),
        String.join("-", entries.text(), checkpoints.text(), feedback.text()));
  }
}
