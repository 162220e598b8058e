package weir.demo;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The endless, seeded order of requests: when, by which user, for which stone.
 *
 * <p>Arrivals are a Poisson process, so they do not wait for answers (open loop). Its rate grows
 * from a tenth to the whole in the first seconds, because a fresh virtual machine is slow. Users
 * are drawn with weight {@code rank^(-1/4)}: skewed, yet no user moves a version's share by much.
 * Fresh stones come in the file's order, round and round; a repeat is one of the last {@value
 * #RECENT} fresh ones. Any thread may ask.
 */
final class Schedule {
  private static final int RECENT = 256;
  private static final double RAMP_SECONDS = 5;
  private static final double RAMP_FROM = 0.1;

  private final List<Diamond> diamonds;
  private final DemoPlan.Traffic traffic;
  private final double[] userWeightsSummed;
  private final SplittableRandom random;
  private final ReentrantLock lock = new ReentrantLock();
  private double dueSeconds;
  private long fresh;
  private List<Diamond> drawn;

  Schedule(List<Diamond> diamonds, DemoPlan.Traffic traffic) {
    this.diamonds = List.copyOf(diamonds);
    this.drawn = this.diamonds;
    this.traffic = traffic;
    this.userWeightsSummed = new double[traffic.users()];
    double sum = 0;
    for (int rank = 0; rank < traffic.users(); rank++) {
      sum += Math.pow(rank + 1, -0.25);
      userWeightsSummed[rank] = sum;
    }
    this.random = new SplittableRandom(traffic.seed());
  }

  /**
   * One request to send.
   *
   * @param dueNanos time since the start of the run
   * @param user from 0 to the number of users
   */
  record Turn(long dueNanos, int user, Diamond diamond) {}

  Turn next() {
    lock.lock();
    try {
      dueSeconds += random.nextExponential() / (traffic.requestsPerSecond() * ramp());
      return new Turn((long) (dueSeconds * 1e9), user(), diamond());
    } finally {
      lock.unlock();
    }
  }

  private double ramp() {
    return Math.min(1, RAMP_FROM + (1 - RAMP_FROM) * dueSeconds / RAMP_SECONDS);
  }

  private int user() {
    double total = userWeightsSummed[userWeightsSummed.length - 1];
    int found = Arrays.binarySearch(userWeightsSummed, random.nextDouble() * total);
    return Math.min(found < 0 ? -found - 1 : found + 1, userWeightsSummed.length - 1);
  }

  private Diamond diamond() {
    long recent = Math.min(fresh, RECENT);
    long row = fresh;
    if (recent > 0 && random.nextDouble() < traffic.repeats()) {
      row = fresh - 1 - random.nextLong(recent);
    } else {
      fresh++;
    }
    return drawn.get((int) (row % drawn.size()));
  }

  /** From now on only stones of at least that weight come, or all with 0; some there must be. */
  void atLeast(double carat) {
    List<Diamond> kept = diamonds.stream().filter(each -> each.carat() >= carat).toList();
    lock.lock();
    try {
      drawn = kept.isEmpty() ? diamonds : kept;
    } finally {
      lock.unlock();
    }
  }
}
