package weir.demo;

/** Events per second over the last {@value #SECONDS} whole seconds; not thread-safe. */
final class RecentRate {
  private static final int SECONDS = 4;
  private static final long NANOS = 1_000_000_000;

  private final long[] counts = new long[SECONDS + 1];
  private long newest;

  void add(long nanosSinceStart) {
    advance(nanosSinceStart / NANOS);
    counts[(int) (newest % counts.length)]++;
  }

  /** In the first second, the mean since the start. */
  double perSecond(long nanosSinceStart) {
    advance(nanosSinceStart / NANOS);
    if (newest == 0) {
      return nanosSinceStart == 0 ? 0 : counts[0] * (double) NANOS / nanosSinceStart;
    }
    long sum = 0;
    long whole = Math.min(newest, SECONDS);
    for (long second = newest - whole; second < newest; second++) {
      sum += counts[(int) (second % counts.length)];
    }
    return (double) sum / whole;
  }

  private void advance(long second) {
    if (second - newest > counts.length) {
      newest = second - counts.length;
    }
    while (newest < second) {
      newest++;
      counts[(int) (newest % counts.length)] = 0;
    }
  }
}
