package weir.experiment;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import weir.inference.Blame;
import weir.inference.InferenceResult;
import weir.observation.Outcome;

/**
 * Sees a candidate that answers nothing while the stable variant does, as each answer ends.
 *
 * <p>It trips when the candidate's last 20 outcomes all failed (of at least 5 units where sticky)
 * and, of the stable variant's requests that <em>began</em> between the first and the last of that
 * streak, at least 5 and at least half have been answered. Going by the beginning makes the two
 * comparable: by the end of requests, a shared outage that sets in or passes would look like the
 * candidate's alone, whenever one variant's answers are known before the other's. Only outcomes of
 * the model itself count: a cached answer hides an outage, and a refusal for want of room is {@link
 * Shortage}'s matter. A request that is overdue counts as failed once.
 *
 * <p>Bounds: 4,096 requests in flight and the stable variant's last 16,384; what is beyond is not
 * seen. Not thread-safe.
 */
final class Guard {
  private static final int STREAK = 20;
  private static final int UNITS_MIN = 5;
  private static final int ANSWERED_MIN = 5;
  private static final int LOOKED_AT_MAX = 1_000;
  private static final int SLOTS = 4_096;
  private static final int WINDOW = 1 << 14;
  private static final byte PENDING = 0;
  private static final byte ANSWERED = 1;
  private static final byte FAILED = 2;
  private static final byte PASSED_OVER = 3;
  private static final long UNTRACKED = 0;

  private final String stable;
  private final String candidate;
  private final boolean sticky;

  private final long[] starts = new long[SLOTS];
  private final long[] units = new long[SLOTS];
  private final long[] places = new long[SLOTS];
  private final long[] tokens = new long[SLOTS];
  private final boolean[] onCandidate = new boolean[SLOTS];
  private final boolean[] overdue = new boolean[SLOTS];
  private final int[] free = new int[SLOTS];
  private int freeCount = SLOTS;
  private long begun;

  private final byte[] stableOutcomes = new byte[WINDOW];
  private long stableBegun;

  private final long[] streakUnits = new long[STREAK];
  private long streak;
  private long streakOverdue;
  private long streakFrom;
  private long streakTo;
  private String words = "";

  Guard(Experiment.Terms terms) {
    stable = terms.stable();
    candidate = terms.candidate();
    sticky = terms.sticky();
    for (int i = 0; i < SLOTS; i++) {
      free[i] = i;
    }
  }

  /** What was seen; empty while it has not tripped. */
  Optional<String> words() {
    return words.isEmpty() ? Optional.empty() : Optional.of(words);
  }

  void restore(String tripped) {
    words = tripped;
  }

  /** A token for {@link #ended}; 0 when all slots are taken. */
  long began(int side, long unit, long nanos) {
    if (freeCount == 0) {
      return UNTRACKED;
    }
    int slot = free[--freeCount];
    starts[slot] = nanos;
    units[slot] = unit;
    onCandidate[slot] = side == Side.CANDIDATE;
    overdue[slot] = false;
    if (side == Side.STABLE) {
      stableBegun++;
      stableOutcomes[at(stableBegun)] = PENDING;
    }
    places[slot] = stableBegun;
    begun++;
    tokens[slot] = begun * SLOTS + slot;
    return tokens[slot];
  }

  private static int at(long place) {
    return (int) (place & (WINDOW - 1));
  }

  /** Whether it tripped just now. */
  boolean ended(long token, Outcome outcome) {
    int slot = (int) (token & (SLOTS - 1));
    if (token == UNTRACKED || tokens[slot] != token) {
      return false;
    }
    tokens[slot] = UNTRACKED;
    free[freeCount++] = slot;
    byte state = state(outcome);
    if (!onCandidate[slot]) {
      if (stableBegun - places[slot] < WINDOW) {
        stableOutcomes[at(places[slot])] = state;
      }
      return false;
    }
    return !overdue[slot] && candidate(state, slot);
  }

  /** Something else saw that the candidate fails; whether this trips it. */
  boolean trip(String seen) {
    boolean first = words.isEmpty();
    words = first ? seen : words;
    return first;
  }

  private static byte state(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered ->
          answered.source() == InferenceResult.Source.MODEL ? ANSWERED : PASSED_OVER;
      case Outcome.Refused refused -> refused.blame() == Blame.BACKEND ? FAILED : PASSED_OVER;
    };
  }

  /** Counts what has taken longer than {@code limitNanos}; whether it tripped just now. */
  boolean overdue(long nanos, long limitNanos) {
    boolean tripped = false;
    for (long token : inOrderOfBeginning(nanos - limitNanos)) {
      int slot = (int) (token & (SLOTS - 1));
      overdue[slot] = true;
      streakOverdue++;
      tripped |= candidate(FAILED, slot);
    }
    return tripped;
  }

  /** Whether a request that is not counted as failed has taken longer than {@code limitNanos}. */
  boolean waits(long nanos, long limitNanos) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (waits(slot, nanos - limitNanos)) {
        return true;
      }
    }
    return false;
  }

  private boolean waits(int slot, long latestStart) {
    return tokens[slot] != UNTRACKED
        && onCandidate[slot]
        && !overdue[slot]
        && starts[slot] - latestStart < 0;
  }

  private long[] inOrderOfBeginning(long latestStart) {
    return IntStream.range(0, SLOTS)
        .filter(slot -> waits(slot, latestStart))
        .mapToLong(slot -> tokens[slot])
        .sorted()
        .toArray();
  }

  private boolean candidate(byte state, int slot) {
    if (state == ANSWERED) {
      streak = 0;
      streakOverdue = 0;
    }
    if (state != FAILED) {
      return false;
    }
    if (streak == 0) {
      streakFrom = places[slot];
      streakTo = places[slot];
    }
    streakUnits[(int) (streak % STREAK)] = units[slot];
    streak++;
    streakTo = Math.max(streakTo, places[slot]);
    return streak >= STREAK && words.isEmpty() && enoughUnits() && stableAnswers();
  }

  private boolean enoughUnits() {
    return !sticky || Arrays.stream(streakUnits).distinct().count() >= UNITS_MIN;
  }

  private boolean stableAnswers() {
    long from = Math.max(streakFrom, Math.max(streakTo - LOOKED_AT_MAX, stableBegun - WINDOW));
    int answered = 0;
    int known = 0;
    for (long place = from + 1; place <= streakTo; place++) {
      byte state = stableOutcomes[at(place)];
      known += state == PASSED_OVER ? 0 : 1;
      answered += state == ANSWERED ? 1 : 0;
    }
    if (answered < ANSWERED_MIN || 2 * answered < known) {
      return false;
    }
    String late = streakOverdue == 0 ? "" : " (" + Words.count(streakOverdue) + " are overdue)";
    words =
        "the last %s requests of version %s all failed%s, of those of version %s in that time %s of %s were answered"
            .formatted(
                Words.count(streak),
                candidate,
                late,
                stable,
                Words.count(answered),
                Words.count(known));
    return true;
  }
}
