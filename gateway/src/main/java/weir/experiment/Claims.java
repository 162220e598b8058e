package weir.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The claims that wait for an answer, oldest first.
 *
 * <p>At most {@code max}, about 80 bytes each: what finds no room is not counted. Not thread-safe.
 */
final class Claims {
  private static final long UNANSWERED_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final long max;
  private final List<Claim> waiting = new ArrayList<>();

  Claims(long max) {
    this.max = max;
  }

  /** False when there was no room. */
  boolean add(Claim claim) {
    return waiting.size() < max && waiting.add(claim);
  }

  /** The oldest ones, as they are asked for. */
  List<UnitMark> oldest(int count) {
    return waiting.stream().limit(count).map(Claim::unitMark).toList();
  }

  /** The oldest ones are answered: what was granted counts in {@code sums}. */
  void answered(List<Boolean> granted, Sums sums) {
    List<Claim> answered = waiting.subList(0, granted.size());
    for (int i = 0; i < granted.size(); i++) {
      if (granted.get(i)) {
        answered.get(i).countIn(sums);
      }
    }
    answered.clear();
  }

  /** Counts all that waits, once that takes longer than it does while the journal answers. */
  void countOverdue(Sums sums, long nanos) {
    if (!waiting.isEmpty() && nanos - waiting.getFirst().nanos() > UNANSWERED_NANOS) {
      waiting.forEach(claim -> claim.countIn(sums));
    }
  }
}
