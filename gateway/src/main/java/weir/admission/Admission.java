package weir.admission;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongSupplier;
import weir.admission.Entry.Place;
import weir.admission.Entry.Refusal;

/**
 * The places of one variant's requests: as many as its limit says, and fair among callers.
 *
 * <p>Nobody waits here. While there are places, everyone gets them. When all are taken, a caller
 * below its equal share of them still gets one of a few spare places; whoever holds more is told
 * so. Callers are counted in slots by the hash of their name, as in stochastic fairness queueing
 * (McKenney 1990): memory is fixed, and two callers that meet in a slot share a share. A request
 * costs a few uncontended atomic steps; the slots are looked through only when it is full.
 */
public final class Admission {
  private static final int SLOTS = 256;
  private static final int SPARE_LEAST = 2;
  private static final int SPARE_MOST = 16;

  /** How long after others were there a caller is still held to its share. */
  private static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int least;
  private final int most;
  private final AdaptiveLimit limit;
  private final LongSupplier nanoTime;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicIntegerArray held = new AtomicIntegerArray(SLOTS);
  private volatile long sharedAt;

  private Admission(int least, int most, LongSupplier nanoTime) {
    this.least = least;
    this.most = most;
    this.nanoTime = nanoTime;
    limit = new AdaptiveLimit(least, most, nanoTime);
    sharedAt = nanoTime.getAsLong() - MEMORY_NANOS;
  }

  /** Never fewer places than {@code least}, unless {@code most} is; never more than that. */
  public static Admission of(int least, int most, LongSupplier nanoTime) {
    return new Admission(Math.min(least, most), most, nanoTime);
  }

  /** A place for a request of {@code caller}, or why it gets none. */
  public Entry begin(String caller) {
    int slot = slot(caller);
    int number = inFlight.incrementAndGet();
    int now = limit.now();
    int spare = spare(now);
    if (number > Math.min(now, most - spare)) {
      Shares shares = shares(slot, now);
      int room =
          shares.below()
              ? Math.min(now + spare, most)
              : shares.others() ? Math.min(now, most - spare) : now;
      if (number > room && !(number == now + 1 && number <= most && limit.oneMoreNow())) {
        inFlight.decrementAndGet();
        limit.refused();
        return shares.above() ? Refusal.OVER_SHARE : Refusal.FULL;
      }
    }
    held.incrementAndGet(slot);
    limit.began(number);
    return new Place(number, slot);
  }

  /** Gives the place back after an answer; the times are {@link AdaptiveLimit#answered}'s. */
  public void answered(Place place, long wholeNanos, long ownNanos) {
    left(place);
    limit.answered(place.inFlight(), wholeNanos, ownNanos);
  }

  /** Gives the place back of a request that ran out of time or found its server too busy. */
  public void overloaded(Place place) {
    left(place);
    limit.overloaded();
  }

  /** Gives the place back of a request that ended in a way that tells nothing. */
  public void left(Place place) {
    held.decrementAndGet(place.slot());
    inFlight.decrementAndGet();
    limit.left();
  }

  /** Whether the next request has a place, whoever sends it. */
  public boolean room() {
    int now = limit.now();
    return inFlight.get() < Math.min(now, most - spare(now));
  }

  public int inFlight() {
    return inFlight.get();
  }

  /** How many may be in flight now, those of callers below their share left out. */
  public int limit() {
    return limit.now();
  }

  private int spare(int limit) {
    return Math.min(Math.clamp(limit / 4, SPARE_LEAST, SPARE_MOST), most - least);
  }

  /**
   * How a caller stands among others: whether it holds less than its share or more, and whether
   * there were others of late.
   */
  private record Shares(boolean below, boolean above, boolean others) {}

  private Shares shares(int slot, int limit) {
    int others = 0;
    int greatest = 0;
    for (int i = 0; i < SLOTS; i++) {
      int holds = held.get(i);
      if (i != slot && holds > 0) {
        others++;
        greatest = Math.max(greatest, holds);
      }
    }
    int mine = held.get(slot);
    long now = nanoTime.getAsLong();
    if (others > 0) {
      sharedAt = now;
    }
    boolean below =
        mine == 0
            ? greatest > 1 || (others == 1 && limit == 1)
            : others > 0 && (mine + 1) * (others + 1) <= limit;
    boolean recent = now - sharedAt < MEMORY_NANOS;
    int callers = Math.max(1 + others, recent ? 2 : 1);
    return new Shares(below, callers > 1 && mine * callers > limit, recent);
  }

  private static int slot(String caller) {
    return (caller.hashCode() * 0x9E3779B9) >>> 24;
  }
}
