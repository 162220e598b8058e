package weir.observation;

import java.util.concurrent.atomic.LongAdder;

/** A count and its nanoseconds, cheap to add to from many threads. */
final class RunningTotal {
  private final LongAdder count = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  void add(long addedNanos) {
    count.increment();
    nanos.add(addedNanos);
  }

  VariantStatistics.Total read() {
    return new VariantStatistics.Total(count.sum(), nanos.sum());
  }
}
