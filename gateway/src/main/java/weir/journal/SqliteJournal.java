package weir.journal;

import static weir.observation.JournalMeters.Operation.APPEND;
import static weir.observation.JournalMeters.Operation.CHECKPOINT;
import static weir.observation.JournalMeters.Operation.FEEDBACK;
import static weir.observation.JournalMeters.Operation.READ;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import weir.observation.JournalMeters;
import weir.observation.JournalMeters.Operation;

/**
 * A journal in one SQLite file on a local disk; other processes may use the file too.
 *
 * <p>One connection writes and one reads, so a long read delays no decision. A journal grows to
 * {@link #BYTES_MAX} at most.
 */
public final class SqliteJournal implements Journal {
  /** The most bytes of the file, 16 GiB. */
  public static final long BYTES_MAX = 16L << 30;

  private static final int STREAM_CHARS_MAX = 256;
  private static final int PRUNED_PER_TRANSACTION = 2_000;

  private final InstantSource clock;
  private final JournalMeters meters;
  private final Lane writer;
  private final Lane reader;
  private final AtomicLong feedbackRows = new AtomicLong();

  private SqliteJournal(InstantSource clock, JournalMeters meters, Lane writer, Lane reader) {
    this.clock = clock;
    this.meters = meters;
    this.writer = writer;
    this.reader = reader;
  }

  /**
   * Opens the journal in {@code file}, makes it and its folder when they are not there, and brings
   * its schema up to date. Checks the whole file, about a second for each gigabyte.
   *
   * @throws JournalUnavailableException when the file is damaged, of something else, of a newer
   *     build, or cannot be used
   */
  public static SqliteJournal open(Path file, InstantSource clock, JournalMeters meters) {
    return open(new SqliteFile(file, BYTES_MAX), Migrations.ALL, clock, meters);
  }

  static SqliteJournal open(
      SqliteFile file, Migrations migrations, InstantSource clock, JournalMeters meters) {
    Connection first = file.openFirst(migrations, clock.instant());
    Connection second;
    try {
      second = file.openAgain();
    } catch (JournalUnavailableException e) {
      file.close(first);
      throw e;
    }
    SqliteJournal journal =
        new SqliteJournal(
            clock,
            meters,
            new Lane("weir-journal-writer", file, first),
            new Lane("weir-journal-reader", file, second));
    try {
      journal.countFeedback();
      return journal;
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  @Override
  public Append append(String stream, long expectedRevision, Entry entry) {
    if (stream.isBlank() || stream.length() > STREAM_CHARS_MAX) {
      throw new IllegalArgumentException(
          "stream has %d characters; it has 1 to %d".formatted(stream.length(), STREAM_CHARS_MAX));
    }
    long begun = System.nanoTime();
    Append append =
        write(
            APPEND,
            connection ->
                EventTable.append(connection, stream, expectedRevision, clock.instant(), entry));
    meters.appended(System.nanoTime() - begun);
    return append;
  }

  @Override
  public List<Recorded> read(String stream, long afterRevision) {
    return read(connection -> EventTable.read(connection, stream, afterRevision));
  }

  @Override
  public List<Recorded> after(long position, int max) {
    return read(connection -> EventTable.after(connection, position, positive(max)));
  }

  @Override
  public List<Recorded> recent(String stream, int max) {
    return read(connection ->
        stream.isEmpty()
            ? EventTable.recent(connection, positive(max))
            : EventTable.recent(connection, stream, positive(max)));
  }

  @Override
  public void checkpoint(String key, byte[] state, List<UnitMark> units) {
    write(
        CHECKPOINT,
        connection -> {
          EvidenceTable.replace(connection, key, state, units);
          return true;
        });
  }

  @Override
  public Optional<byte[]> checkpoint(String key) {
    return read(connection -> EvidenceTable.state(connection, key));
  }

  @Override
  public List<UnitMark> units(String key) {
    return read(connection -> EvidenceTable.units(connection, key));
  }

  @Override
  public void forget(String key) {
    write(
        CHECKPOINT,
        connection -> {
          EvidenceTable.remove(connection, key);
          return true;
        });
  }

  @Override
  public List<FeedbackResult> accept(List<FeedbackRow> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<FeedbackResult> results =
        write(FEEDBACK, connection -> FeedbackTable.accept(connection, rows));
    long accepted = results.stream().filter(result -> result == FeedbackResult.ACCEPTED).count();
    meters.feedbackRows(feedbackRows.addAndGet(accepted));
    return results;
  }

  @Override
  public List<FeedbackRow> feedback(String model, Instant after, Instant until) {
    return read(connection -> FeedbackTable.range(connection, model, after, until));
  }

  @Override
  public void pruneFeedback(Instant before) {
    int removed = PRUNED_PER_TRANSACTION;
    while (removed == PRUNED_PER_TRANSACTION) {
      removed =
          write(
              FEEDBACK,
              connection -> FeedbackTable.prune(connection, before, PRUNED_PER_TRANSACTION));
    }
    countFeedback();
  }

  private void countFeedback() {
    feedbackRows.set(read(FeedbackTable::count));
    meters.feedbackRows(feedbackRows.get());
  }

  private <T> T write(Operation operation, Lane.Work<T> work) {
    try {
      T result = writer.write(operation.label(), work);
      meters.wrote(clock.instant());
      return result;
    } catch (JournalUnavailableException e) {
      meters.failed(operation);
      throw e;
    }
  }

  private <T> T read(Lane.Work<T> work) {
    try {
      return reader.read(READ.label(), work);
    } catch (JournalUnavailableException e) {
      meters.failed(READ);
      throw e;
    }
  }

  private static int positive(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max is " + max + "; at least 1");
    }
    return max;
  }

  @Override
  public void close() {
    writer.close();
    reader.close();
  }
}
