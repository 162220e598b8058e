package weir.journal;

import static weir.observation.JournalMeters.Operation.APPEND;
import static weir.observation.JournalMeters.Operation.CHECKPOINT;
import static weir.observation.JournalMeters.Operation.FEEDBACK;
import static weir.observation.JournalMeters.Operation.READ;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import weir.observation.JournalMeters;
import weir.observation.JournalMeters.Operation;

/** The journal in SQL, the same on every engine. */
final class SqlJournal implements Journal {
  private static final int STREAM_CHARS_MAX = 256;
  private static final int PRUNED_PER_TRANSACTION = 2_000;
  private static final int CLAIMS_PER_TRANSACTION = 20_000;
  private static final Duration LEASE_MAX = Duration.ofHours(1);

  private final Engine engine;
  private final InstantSource clock;
  private final JournalMeters meters;
  private final AtomicLong feedbackRows = new AtomicLong();
  private volatile boolean counted;

  private SqlJournal(Engine engine, InstantSource clock, JournalMeters meters) {
    this.engine = engine;
    this.clock = clock;
    this.meters = meters;
  }

  /** Owns {@code engine} from here on. */
  static SqlJournal over(Engine engine, InstantSource clock, JournalMeters meters) {
    SqlJournal journal = new SqlJournal(engine, clock, meters);
    try {
      journal.countFeedback();
      return journal;
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /** Over an engine that may not be there yet. */
  static SqlJournal await(Engine engine, InstantSource clock, JournalMeters meters) {
    return new SqlJournal(engine, clock, meters);
  }

  Engine engine() {
    return engine;
  }

  @Override
  public Append append(String stream, long expectedRevision, Entry entry) {
    return append(stream, expectedRevision, entry, Optional.empty());
  }

  @Override
  public Append append(String stream, long expectedRevision, Entry entry, Lease lease) {
    return append(stream, expectedRevision, entry, Optional.of(lease));
  }

  private Append append(String stream, long expectedRevision, Entry entry, Optional<Lease> lease) {
    if (stream.isBlank() || stream.length() > STREAM_CHARS_MAX) {
      throw new IllegalArgumentException(
          "stream has %d characters; it has 1 to %d".formatted(stream.length(), STREAM_CHARS_MAX));
    }
    long begun = System.nanoTime();
    Append append =
        write(
            APPEND,
            connection -> {
              engine.lock(connection, Engine.Lock.ORDER);
              if (lease.isPresent()) {
                Optional<Append.Fenced> fenced =
                    LeaseTable.fence(connection, lease.get(), engine.nowMicros(connection));
                if (fenced.isPresent()) {
                  return fenced.get();
                }
              }
              Append done =
                  EventTable.append(connection, stream, expectedRevision, clock.instant(), entry);
              if (done instanceof Append.Appended) {
                engine.appends(connection);
              }
              return done;
            });
    meters.appended(System.nanoTime() - begun);
    return append;
  }

  @Override
  public Optional<Lease> lease(String name, String holder, Duration time) {
    if (name.isBlank() || holder.isBlank()) {
      throw new IllegalArgumentException("A lease has a name and a holder; one is blank");
    }
    if (time.isNegative() || time.compareTo(LEASE_MAX) > 0) {
      throw new IllegalArgumentException("time is " + time + "; from 0 to " + LEASE_MAX);
    }
    return write(
        APPEND,
        connection -> {
          engine.lock(connection, Engine.Lock.ORDER);
          return LeaseTable.take(connection, name, holder, time, engine.nowMicros(connection));
        });
  }

  @Override
  public Optional<Lease> holder(String name, Duration time) {
    return read(
        connection -> LeaseTable.holder(connection, name, time, engine.nowMicros(connection)));
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
          EvidenceTable.replace(engine, connection, key, state, units);
          return true;
        });
  }

  @Override
  public Optional<byte[]> checkpoint(String key) {
    return read(connection -> EvidenceTable.state(connection, key));
  }

  @Override
  public Map<String, byte[]> checkpoints(String keyPrefix) {
    return read(connection -> EvidenceTable.states(connection, keyPrefix));
  }

  @Override
  public List<UnitMark> units(String key) {
    return read(connection -> EvidenceTable.units(connection, key));
  }

  @Override
  public boolean shared() {
    return engine.shared();
  }

  @Override
  public List<Boolean> claim(String key, long claimant, List<UnitMark> marks) {
    if (marks.isEmpty()) {
      return List.of();
    }
    return write(
        CHECKPOINT, connection -> ClaimTable.claim(engine, connection, key, claimant, marks));
  }

  @Override
  public void forget(String key) {
    int removed = CLAIMS_PER_TRANSACTION;
    while (removed == CLAIMS_PER_TRANSACTION) {
      removed =
          write(
              CHECKPOINT, connection -> ClaimTable.remove(connection, key, CLAIMS_PER_TRANSACTION));
    }
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
    if (!counted) {
      tryToCount();
    }
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

  private void tryToCount() {
    try {
      countFeedback();
    } catch (JournalUnavailableException e) {
      counted = false;
    }
  }

  private void countFeedback() {
    feedbackRows.set(read(engine::feedbackRows));
    meters.feedbackRows(feedbackRows.get());
    counted = true;
  }

  @Override
  public Hearing onChange(Runnable told) {
    return engine.onChange(told);
  }

  private <T> T write(Operation operation, Engine.Work<T> work) {
    try {
      T result = engine.write(operation.label(), work);
      meters.wrote(clock.instant());
      return result;
    } catch (JournalUnavailableException e) {
      meters.failed(operation);
      throw e;
    }
  }

  private <T> T read(Engine.Work<T> work) {
    try {
      return engine.read(READ.label(), work);
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
    engine.close();
  }
}
