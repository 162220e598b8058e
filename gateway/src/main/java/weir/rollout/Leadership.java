package weir.rollout;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.journal.Journal;
import weir.journal.JournalUnavailableException;
import weir.journal.Lease;

/**
 * Which replica moves rollouts forward: the one that has the lease.
 *
 * <p>A holder counts the lease's time from before it asked, so that it stops before another can
 * begin; should it not know that its time is over, because it stood still, the journal refuses its
 * write. {@link #renew} and {@link #resign} are one thread's; the questions are any thread's.
 */
final class Leadership {
  private static final String LEASE = "rollouts";

  /** How long a leader that died is waited for. */
  static final Duration TIME = Duration.ofSeconds(3);

  private final Journal journal;
  private final String replica;
  private final LongSupplier nanoTime;
  private volatile @Nullable Held held;
  private volatile String leader = "";

  private record Held(Lease lease, long untilNanos) {}

  Leadership(Journal journal, String replica, LongSupplier nanoTime) {
    this.journal = journal;
    this.replica = replica;
    this.nanoTime = nanoTime;
  }

  /**
   * Keeps the lease, or takes it when it is free.
   *
   * @throws JournalUnavailableException when nobody can tell
   */
  void renew() {
    long asked = nanoTime.getAsLong();
    Optional<Lease> other =
        leading()
            ? Optional.empty()
            : journal.holder(LEASE, TIME).filter(lease -> !lease.holder().equals(replica));
    Optional<Lease> mine =
        other.isPresent() ? Optional.empty() : journal.lease(LEASE, replica, TIME);
    held = mine.map(lease -> new Held(lease, asked + TIME.toNanos())).orElse(null);
    leader = mine.or(() -> other).map(Lease::holder).orElse(leader);
  }

  /** The lease, while it is this replica's by its own clock. */
  Optional<Lease> lease() {
    Held now = held;
    return now != null && nanoTime.getAsLong() < now.untilNanos()
        ? Optional.of(now.lease())
        : Optional.empty();
  }

  boolean leading() {
    return lease().isPresent();
  }

  /** Whether this replica has led without a break since it had {@code lease}. */
  boolean holds(Lease lease) {
    return lease().filter(now -> now.term() == lease.term()).isPresent();
  }

  /** The lease turned out to be another's. */
  void lost() {
    held = null;
  }

  /** Who led when that was last known; "" before. */
  String leader() {
    return leader;
  }

  /** Gives the lease up, so that another need not wait for its end. */
  void resign() {
    if (leading()) {
      held = null;
      journal.lease(LEASE, replica, Duration.ZERO);
    }
  }
}
