package weir.experiment;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import weir.inference.Blame;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.observation.Outcome;

/**
 * Sees a candidate that does badly at what the checks leave out: of whose requests many are refused
 * by its limit or its breaker, or fail while it and the stable variant are on unequal footing.
 *
 * <p>Equal variants with unequal shares are refused unequally when both are disturbed, so that such
 * a refusal is no error to compare. This looks for what a disturbance does not do: in five spans
 * one after another, of 2 s and 20 requests at least, a tenth or more of the candidate's were lost
 * so, of five units at least where sticky, and of the stable variant's not a quarter of that part.
 * Not thread-safe.
 */
final class Shortage {
  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int SPANS = 5;
  private static final int ASKED_MIN = 20;
  private static final int STABLE_ASKED_MIN = 5;
  private static final int UNITS_MIN = 5;
  private static final int ONE_IN = 10;
  private static final int WORSE = 4;

  private final String stable;
  private final String candidate;
  private final boolean sticky;
  private final long[] asked = new long[Side.COUNT];
  private final long[] lost = new long[Side.COUNT];
  private final long[] allAsked = new long[Side.COUNT];
  private final long[] allLost = new long[Side.COUNT];
  private final long[] units = new long[UNITS_MIN];
  private int unitCount;
  private int spans;
  private long from;
  private boolean begun;

  Shortage(Experiment.Terms terms) {
    stable = terms.stable();
    candidate = terms.candidate();
    sticky = terms.sticky();
  }

  /** Whether the span that this outcome ends is the last one that it takes. */
  boolean ended(int side, long unit, Outcome outcome, boolean uncounted, long nanos) {
    boolean untried = untried(outcome);
    if (!untried && !tried(outcome)) {
      return false;
    }
    boolean missed = untried || (uncounted && outcome instanceof Outcome.Refused);
    if (!begun) {
      begun = true;
      from = nanos;
    }
    asked[side]++;
    if (missed) {
      lost[side]++;
      note(side, unit);
    }
    return nanos - from >= SPAN_NANOS && asked[Side.CANDIDATE] >= ASKED_MIN && over(nanos);
  }

  private static boolean untried(Outcome outcome) {
    return outcome instanceof Outcome.Refused no
        && (no.reason() == Reason.OVERLOADED || no.reason() == Reason.BREAKER_OPEN);
  }

  private static boolean tried(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> answered.source() == Source.MODEL;
      case Outcome.Refused no -> no.blame() == Blame.BACKEND;
    };
  }

  private void note(int side, long unit) {
    if (side != Side.CANDIDATE || unitCount == UNITS_MIN) {
      return;
    }
    for (int i = 0; i < unitCount; i++) {
      if (units[i] == unit) {
        return;
      }
    }
    units[unitCount++] = unit;
  }

  /** The span ends; whether it is one too many. */
  private boolean over(long nanos) {
    if (lacking()) {
      spans++;
      for (int side = 0; side < Side.COUNT; side++) {
        allAsked[side] += asked[side];
        allLost[side] += lost[side];
      }
    } else {
      spans = 0;
      unitCount = 0;
      Arrays.fill(allAsked, 0);
      Arrays.fill(allLost, 0);
    }
    Arrays.fill(asked, 0);
    Arrays.fill(lost, 0);
    from = nanos;
    return spans >= SPANS && (!sticky || unitCount == UNITS_MIN);
  }

  private boolean lacking() {
    long ofCandidate = lost[Side.CANDIDATE];
    long ofStable = lost[Side.STABLE];
    return ONE_IN * ofCandidate >= asked[Side.CANDIDATE]
        && asked[Side.STABLE] >= STABLE_ASKED_MIN
        && WORSE * ofStable * asked[Side.CANDIDATE] <= ofCandidate * asked[Side.STABLE];
  }

  /** What was seen, once it has been. */
  String words() {
    return "of version %s's last %s requests %s were refused by its limit or breaker or failed beside that, of version %s's in that time %s of %s"
        .formatted(
            candidate,
            Words.count(allAsked[Side.CANDIDATE]),
            Words.count(allLost[Side.CANDIDATE]),
            stable,
            Words.count(allLost[Side.STABLE]),
            Words.count(allAsked[Side.STABLE]));
  }
}
