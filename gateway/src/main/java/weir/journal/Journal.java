package weir.journal;

import java.time.Instant;
import java.util.List;
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

  /** The entries of {@code stream} after that revision, oldest first. */
  List<Recorded> read(String stream, long afterRevision);

  /** At most {@code max} entries of all streams after that position, oldest first. */
  List<Recorded> after(long position, int max);

  /** The last {@code max} entries of {@code stream}, or of all when it is "", newest first. */
  List<Recorded> recent(String stream, int max);

  /** Replaces the state kept under {@code key} and adds or changes those units, both or neither. */
  void checkpoint(String key, byte[] state, List<UnitMark> units);

  Optional<byte[]> checkpoint(String key);

  /** Every unit ever marked under {@code key}, by hash. */
  List<UnitMark> units(String key);

  /** Removes state and units of {@code key}. */
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

  @Override
  void close();
}
