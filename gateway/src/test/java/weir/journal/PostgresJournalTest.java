package weir.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.observation.GatewayMetrics;

/** The contract on PostgreSQL, and what only several replicas on one server can do. */
class PostgresJournalTest implements JournalContract {
  private static final InstantSource CLOCK = InstantSource.fixed(NOW.plusNanos(789));

  private final GatewayMetrics metrics = GatewayMetrics.create("0.1.0", CLOCK);
  private final JournalSettings settings = FleetDatabase.fresh();
  private @Nullable Journal journal;

  @BeforeEach
  void open() {
    journal = replica();
  }

  @AfterEach
  void close() {
    journal().close();
    metrics.close();
  }

  @Override
  public Journal journal() {
    return requireNonNull(journal);
  }

  private Journal replica() {
    return PostgresJournal.open(settings, Map.of(), CLOCK, metrics.journal());
  }

  @Test
  @Timeout(120)
  void append_thousandRacingPairs_exactlyOneWinsEachAndTheOtherIsTold()
      throws ExecutionException, InterruptedException {
    int rounds = 1_000;
    CyclicBarrier together = new CyclicBarrier(2);
    try (Journal other = replica();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Append>> left = threads.submit(() -> race(journal(), rounds, together));
      Future<List<Append>> right = threads.submit(() -> race(other, rounds, together));
      for (int round = 0; round < rounds; round++) {
        List<Append> both = List.of(left.get().get(round), right.get().get(round));

        assertThat(both).filteredOn(Append.Appended.class::isInstance).hasSize(1);
        assertThat(both).contains(new Append.Conflict(round + 1));
      }
    }
  }

  private static List<Append> race(Journal journal, int rounds, CyclicBarrier together)
      throws InterruptedException, BrokenBarrierException {
    List<Append> appends = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      together.await();
      appends.add(journal.append("model/a", round, ENTRY));
    }
    return appends;
  }
}
