package weir.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tallies of a run. Any thread may tell it or ask for a snapshot.
 *
 * <p>Memory is bounded: at most {@value #VERSIONS_MAX} versions and {@value #MESSAGES_MAX} failure
 * messages are told apart, more count as {@value #OTHER}.
 */
final class Scoreboard {
  private static final int VERSIONS_MAX = 16;
  private static final int MESSAGES_MAX = 16;
  private static final int TOLD_MAX = 100;
  private static final String OTHER = "other";

  private final LongSupplier nanoTime;
  private final long start;
  private final @Nullable Tally[] versionOfUser;
  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private final Map<String, Long> failures = new LinkedHashMap<>();
  private final RecentRate recent = new RecentRate();
  private final ReentrantLock lock = new ReentrantLock();
  private long answered;
  private long failed;
  private long unsent;
  private long moved;
  private long lastReached;
  private CacheCounts cache = CacheCounts.UNREAD;
  private final List<Snapshot.Told> told = new ArrayList<>();
  private String waiting = "";
  private long feedback;
  private String latest = "";

  /** Starts the clock; {@code wanted} gives each version a weight, on any positive scale. */
  Scoreboard(Map<String, Double> wanted, int users, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.lastReached = start;
    this.versionOfUser = new Tally[users];
    double sum = wanted.values().stream().mapToDouble(Double::doubleValue).sum();
    wanted.forEach((version, weight) -> tallies.put(version, new Tally(version, weight / sum)));
  }

  void record(Schedule.Turn turn, Reply reply, long nanos) {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      recent.add(now - start);
      switch (reply) {
        case Reply.Priced priced -> {
          answered++;
          lastReached = now;
          answered(turn, priced, nanos);
        }
        case Reply.Failed fault -> {
          failed++;
          lastReached = fault.reached() ? now : lastReached;
          failed(turn, fault);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void answered(Schedule.Turn turn, Reply.Priced priced, long nanos) {
    double real = turn.diamond().price();
    Tally tally = assigned(turn.user(), priced.version());
    tally.latencies.add(nanos);
    tally.prices.add(priced.price(), real);
    latest =
        "version %s: %s, real %s, %s"
            .formatted(
                tally.version,
                Figures.dollars(priced.price()),
                Figures.dollars(real),
                turn.diamond().description());
  }

  private void failed(Schedule.Turn turn, Reply.Failed fault) {
    boolean known = failures.containsKey(fault.message()) || failures.size() < MESSAGES_MAX;
    failures.merge(known ? fault.message() : OTHER, 1L, Long::sum);
    if (!fault.version().isEmpty()) {
      assigned(turn.user(), fault.version()).errors++;
    }
  }

  private Tally assigned(int user, String named) {
    String version = named.isEmpty() ? "unnamed" : named;
    boolean known = tallies.containsKey(version) || tallies.size() < VERSIONS_MAX;
    Tally tally = tallies.computeIfAbsent(known ? version : OTHER, name -> new Tally(name, 0));
    tally.requests++;
    tally.recent.add(nanoTime.getAsLong() - start);
    Tally before = versionOfUser[user];
    if (before != tally) {
      versionOfUser[user] = tally;
      tally.users++;
      if (before != null) {
        before.users--;
        moved++;
      }
    }
    return tally;
  }

  void unsent() {
    lock.lock();
    try {
      unsent++;
    } finally {
      lock.unlock();
    }
  }

  void cache(CacheCounts counts) {
    lock.lock();
    try {
      cache = counts;
    } finally {
      lock.unlock();
    }
  }

  /** A sentence of the story. */
  void told(String sentence) {
    lock.lock();
    try {
      told.add(new Snapshot.Told(Duration.ofNanos(nanoTime.getAsLong() - start), sentence));
      if (told.size() > TOLD_MAX) {
        told.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What the story waits for, in the gateway's words; empty when for nothing. */
  void waiting(String words) {
    lock.lock();
    try {
      waiting = words;
    } finally {
      lock.unlock();
    }
  }

  /** So many more outcomes were accepted. */
  void feedback(long accepted) {
    lock.lock();
    try {
      feedback += accepted;
    } finally {
      lock.unlock();
    }
  }

  /** The shares that the gateway gives from now on; a version without one gets none. */
  void wanted(Map<String, Double> weights) {
    double sum = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    lock.lock();
    try {
      tallies.values().forEach(tally -> tally.wanted = 0);
      weights.forEach((version, weight) ->
          tallies.computeIfAbsent(version, name -> new Tally(name, 0)).wanted = weight / sum);
    } finally {
      lock.unlock();
    }
  }

  /** Time since the gateway last answered anything, or since the start. */
  Duration silence() {
    lock.lock();
    try {
      return Duration.ofNanos(nanoTime.getAsLong() - lastReached);
    } finally {
      lock.unlock();
    }
  }

  Snapshot snapshot() {
    lock.lock();
    try {
      long elapsed = nanoTime.getAsLong() - start;
      double assigned =
          tallies.values().stream().mapToDouble(tally -> tally.recent.perSecond(elapsed)).sum();
      List<Snapshot.VersionRow> rows =
          tallies.values().stream().map(tally -> tally.row(assigned, elapsed)).toList();
      return new Snapshot(
          Duration.ofNanos(elapsed),
          new Snapshot.Totals(answered, failed, unsent, recent.perSecond(elapsed)),
          new Snapshot.Users(versionOfUser.length, moved),
          rows,
          cache,
          failures(),
          latest,
          new Snapshot.Telling(told, waiting, feedback));
    } finally {
      lock.unlock();
    }
  }

  private List<Snapshot.Failure> failures() {
    List<Snapshot.Failure> sorted = new ArrayList<>();
    failures.forEach((message, count) -> sorted.add(new Snapshot.Failure(message, count)));
    sorted.sort(Comparator.comparingLong(Snapshot.Failure::count).reversed());
    return sorted;
  }

  /** The sums of one version; guarded by the scoreboard's lock. */
  private static final class Tally {
    private final String version;
    private final RecentRate recent = new RecentRate();
    private double wanted;
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final Pricing.Sums prices = new Pricing.Sums();
    private int users;
    private long requests;
    private long errors;

    Tally(String version, double wanted) {
      this.version = version;
      this.wanted = wanted;
    }

    Snapshot.VersionRow row(double assigned, long elapsed) {
      return new Snapshot.VersionRow(
          version,
          wanted,
          assigned == 0 ? 0 : recent.perSecond(elapsed) / assigned,
          users,
          requests,
          errors,
          latencies.quantile(0.5),
          latencies.quantile(0.99),
          prices.pricing());
    }
  }
}
