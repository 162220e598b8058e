package weir.admission;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.function.LongSupplier;
import weir.admission.Entry.Place;

/** A server of some workers and one endless queue, behind an {@link Admission}, in made-up time. */
final class Simulation {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;

  /** What became of one caller's requests. */
  static final class Tally {
    int offered;
    int answered;
    final Map<Entry.Refusal, Integer> refused = new HashMap<>();
    final List<Long> latencies = new ArrayList<>();

    long percentile(double share) {
      long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(sorted);
      return sorted[(int) (share * (sorted.length - 1))];
    }
  }

  private record Job(String caller, Place place, long arrived, long work) {}

  private record Event(long at, Runnable what) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at));
  private final Queue<Job> queue = new ArrayDeque<>();
  private final Map<String, Tally> tallies = new HashMap<>();
  private final Random random = new Random(7);
  private final LongSupplier work;
  private final boolean waitKnown;
  final Admission admission;
  private int idle;
  private long now;

  /** {@code work} draws how long each request takes once it is its turn. */
  Simulation(int workers, int least, int most, boolean waitKnown, LongSupplier work) {
    this.idle = workers;
    this.waitKnown = waitKnown;
    this.work = work;
    admission = Admission.of(least, most, () -> now);
  }

  /** Poisson arrivals of a caller from now on, for so long; nothing happens until {@link #run}. */
  void offer(String caller, double perSecond, long nanos) {
    double at = now;
    while (true) {
      at += -Math.log(1 - random.nextDouble()) / perSecond * SECOND;
      if (at > now + nanos) {
        return;
      }
      events.add(new Event((long) at, () -> arrive(caller)));
    }
  }

  /** Requests that come all at once, now. */
  void burst(String caller, int count) {
    for (int i = 0; i < count; i++) {
      arrive(caller);
    }
  }

  /** Lets the time pass, and tells what happened to whom in it. */
  Map<String, Tally> run(long nanos) {
    long end = now + nanos;
    tallies.clear();
    while (!events.isEmpty() && events.peek().at() <= end) {
      Event event = events.remove();
      now = event.at();
      event.what().run();
    }
    now = end;
    return new HashMap<>(tallies);
  }

  private Tally tally(String caller) {
    return tallies.computeIfAbsent(caller, _ -> new Tally());
  }

  private void arrive(String caller) {
    Tally tally = tally(caller);
    tally.offered++;
    switch (admission.begin(caller)) {
      case Entry.Refusal refusal -> tally.refused.merge(refusal, 1, Integer::sum);
      case Place place -> {
        queue.add(new Job(caller, place, now, work.getAsLong()));
        serve();
      }
    }
  }

  private void serve() {
    if (idle > 0 && !queue.isEmpty()) {
      idle--;
      Job job = queue.remove();
      events.add(new Event(now + job.work(), () -> finish(job)));
    }
  }

  private void finish(Job job) {
    idle++;
    long whole = now - job.arrived();
    admission.answered(job.place(), whole, waitKnown ? job.work() : whole);
    Tally tally = tally(job.caller());
    tally.answered++;
    tally.latencies.add(whole);
    serve();
  }
}
