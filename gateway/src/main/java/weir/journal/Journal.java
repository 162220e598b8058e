package weir.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The record of every decision, with the evidence and the feedback beside it.
 *
 * <p>Safe on any thread and beside other processes on the same database. A call that returns is
 * durable; one that throws {@link JournalUnavailableException} applied nothing, unless its message
 * says that the outcome is unknown. Instants are kept to the microsecond.
 */
public interface Journal extends AutoCloseable {
  /**
   * Adds {@code entry} as revision {@code expectedRevision + 1} of {@code stream}, if the stream is
   * at {@code expectedRevision}; an empty stream is at 0.
   */
  Append append(String stream, long expectedRevision, Entry entry);

  /**
   * As {@link #append(String, long, Entry)}, while {@code lease} holds: once another has taken it,
   * or it has run out by the database's clock, nothing is added.
   */
  Append append(String stream, long expectedRevision, Entry entry, Lease lease);

  /**
   * Takes the lease for {@code time} when it is free or has run out, renews it when {@code holder}
   * has it; empty while another has it. The database's clock decides. No time at all gives the
   * lease up. After it has been taken, no entry appears that was fenced by an earlier term. All who
   * ask for a name ask for about the same time: by that a lease is known to be older than a clock
   * that was set back.
   */
  Optional<Lease> lease(String name, String holder, Duration time);

  /**
   * The lease of that name while another could not take it for {@code time}, by the database's
   * clock.
   */
  Optional<Lease> holder(String name, Duration time);

  /** The entries of {@code stream} after that revision, oldest first. */
  List<Recorded> read(String stream, long afterRevision);

  /** At most {@code max} entries of all streams after that position, oldest first. */
  List<Recorded> after(long position, int max);

  /** The last {@code max} entries of {@code stream}, or of all when it is "", newest first. */
  List<Recorded> recent(String stream, int max);

  /** Replaces the state kept under {@code key} and adds or changes those units, both or neither. */
  void checkpoint(String key, byte[] state, List<UnitMark> units);

  Optional<byte[]> checkpoint(String key);

  /** All states whose keys begin so, by key. */
  Map<String, byte[]> checkpoints(String keyPrefix);

  /** Every unit ever marked under {@code key}, by hash. */
  List<UnitMark> units(String key);

  /**
   * Whether others than this process may write here at the same time; a file counts as one
   * process's.
   */
  boolean shared();

  /**
   * Claims each mark of each unit under {@code key} for {@code claimant}: whether nobody, or the
   * claimant already, had it; in their order, all or none. A call that failed can be repeated.
   */
  List<Boolean> claim(String key, long claimant, List<UnitMark> marks);

  /** Removes state, units and claims of {@code key}; claims in several transactions. */
  void forget(String key);

  /** Accepts the rows in one transaction; the results are in their order. */
  List<FeedbackResult> accept(List<FeedbackRow> rows);

  /**
   * The model's feedback on predictions made after {@code after} and not after {@code until}, in
   * the order of (predictedAt, prediction, kind).
   */
  List<FeedbackRow> feedback(String model, Instant after, Instant until);

  /** Removes feedback on predictions made before then, a bounded number per transaction. */
  void pruneFeedback(Instant before);

  /**
   * Runs {@code told} soon after another process has appended, and after times in which that could
   * not be heard; until closed. On a thread of the journal's: {@code told} is short. A journal in a
   * file never tells, and a notice can be lost: look from time to time too.
   */
  Hearing onChange(Runnable told);

  @Override
  void close();
}
