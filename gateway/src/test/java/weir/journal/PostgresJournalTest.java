package weir.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.observation.GatewayMetrics;

/** The contract on PostgreSQL, and what only several replicas on one server can do. */
@Tag("alone")
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

  @Test
  @Timeout(60)
  void after_whileOthersAppend_missesNoPosition() throws ExecutionException, InterruptedException {
    int writers = 4;
    int each = 50;
    List<Long> seen = new ArrayList<>();
    try (Journal other = replica();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        Journal mine = writer % 2 == 0 ? journal() : other;
        String stream = "model/" + writer;
        all.add(
            threads.submit(() -> {
              for (int revision = 0; revision < each; revision++) {
                mine.append(stream, revision, ENTRY);
              }
            }));
      }
      while (seen.size() < writers * each && all.stream().noneMatch(PostgresJournalTest::failed)) {
        long last = seen.isEmpty() ? 0 : seen.getLast();
        journal().after(last, 1_000).forEach(entry -> seen.add(entry.position()));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(seen).isEqualTo(LongStream.rangeClosed(1, (long) writers * each).boxed().toList());
  }

  private static boolean failed(Future<?> one) {
    return one.state() == Future.State.FAILED;
  }

  @Test
  @Timeout(60)
  void checkpoint_newKeysFromTwoReplicasAtOnce_keepEachItsOwn()
      throws ExecutionException, InterruptedException {
    int keys = 100;
    try (Journal other = replica();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> left = threads.submit(() -> checkpoints(journal(), "a", keys));
      Future<?> right = threads.submit(() -> checkpoints(other, "b", keys));
      left.get();
      right.get();
    }
    assertThat(journal().checkpoints("a")).hasSize(keys / 2);
    assertThat(journal().checkpoints("b")).hasSize(keys / 2);
    assertThat(journal().units("b1")).containsExactly(new UnitMark("b1".hashCode(), 1));
    assertThat(journal().units("a0")).isEmpty();
  }

  /** Every second key is forgotten again, so that its number is free for the other. */
  private static void checkpoints(Journal journal, String name, int keys) {
    for (int i = 0; i < keys; i++) {
      String key = name + i;
      journal.checkpoint(key, new byte[] {1}, List.of(new UnitMark(key.hashCode(), 1)));
      if (i % 2 == 0) {
        journal.forget(key);
      }
    }
  }

  @Test
  @Timeout(60)
  void accept_sameRowsInOppositeOrders_neverWaitInACircle()
      throws ExecutionException, InterruptedException {
    List<FeedbackRow> rows = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      rows.add(JournalContract.row("p" + i, NOW));
    }
    try (Journal other = replica();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<FeedbackResult>> left = threads.submit(() -> journal().accept(rows));
      Future<List<FeedbackResult>> right = threads.submit(() -> other.accept(rows.reversed()));
      List<FeedbackResult> both = new ArrayList<>(left.get());
      both.addAll(right.get());

      assertThat(both).filteredOn(FeedbackResult.ACCEPTED::equals).hasSize(2_000);
    }
  }

  @Test
  void append_zeroCharacter_isRefusedAsWhatItIs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> journal().append("model/a", 0, new Entry("t", "ada", "\0", "{}")))
        .withMessageContaining("zero character");
  }

  @Test
  void append_lockedOrder_saysSoAndWorksAgainAfterwards() throws SQLException {
    try (Connection holder = FleetDatabase.connection(settings);
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("SELECT pg_advisory_xact_lock(%d, 2)".formatted(0x77656972));
      assertThatExceptionOfType(JournalUnavailableException.class)
          .isThrownBy(() -> journal().append("model/a", 0, ENTRY))
          .withMessageContaining("locked by another");
      assertThat(journal().read("model/a", 0)).isEmpty();
      holder.rollback();
    }

    assertThat(journal().append("model/a", 0, ENTRY)).isInstanceOf(Append.Appended.class);
  }

  @Test
  @Timeout(60)
  void onChange_appendOfAnotherReplica_isTold() throws Exception {
    Semaphore told = new Semaphore(0);
    try (Journal other = replica();
        Hearing _ = journal().onChange(told::release)) {
      assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).describedAs("begins to hear").isTrue();
      other.append("model/a", 0, ENTRY);

      assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void open_newerSchema_isRefused() {
    FleetDatabase.execute(settings, "INSERT INTO weir_schema (version, applied_at) VALUES (99, 0)");

    assertThatExceptionOfType(JournalUnavailableException.class)
        .isThrownBy(this::replica)
        .withMessageContaining("has schema 99 and this build knows 3 at most");
  }

  @Test
  @Timeout(60)
  void open_manyReplicasOnAnEmptyDatabase_migrateOnce()
      throws ExecutionException, InterruptedException {
    JournalSettings empty = FleetDatabase.fresh();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Journal>> opened = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        opened.add(
            threads.submit(() -> PostgresJournal.open(empty, Map.of(), CLOCK, metrics.journal())));
      }
      for (Future<Journal> each : opened) {
        each.get().close();
      }
    }
  }

  @Test
  void open_tablesOfSomethingElse_isRefusedAndLeftAlone() {
    JournalSettings foreign = FleetDatabase.fresh();
    FleetDatabase.execute(foreign, "CREATE TABLE feedback (stars INTEGER)");

    assertThatExceptionOfType(JournalUnavailableException.class)
        .isThrownBy(() -> PostgresJournal.open(foreign, Map.of(), CLOCK, metrics.journal()))
        .withMessageContaining("has tables of something else");
    FleetDatabase.execute(foreign, "CREATE TABLE event (stars INTEGER)");
  }

  @Test
  void open_noSuchDatabase_saysSo() {
    JournalSettings none = FleetDatabase.settings("nowhere", "postgres", MINUTE.dividedBy(60));

    assertThatExceptionOfType(JournalUnavailableException.class)
        .isThrownBy(() -> PostgresJournal.open(none, Map.of(), CLOCK, metrics.journal()))
        .withMessageContaining("/nowhere does not exist");
  }
}
