package weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static weir.journal.JournalContract.ENTRY;
import static weir.journal.JournalContract.NOW;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.observation.GatewayMetrics;

/** A server that goes or freezes: calls end in time and in words, and it works again by itself. */
@Tag("alone")
class PostgresOutageTest {
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final Duration CALL_MAX = Duration.ofSeconds(5);
  private static final Duration BACK_MAX = Duration.ofSeconds(30);

  private final GatewayMetrics metrics = GatewayMetrics.create("0.1.0", CLOCK);
  private final JournalSettings settings = FleetDatabase.fresh();
  private final Journal journal =
      PostgresJournal.open(settings, Map.of(), CLOCK, metrics.journal());

  @AfterEach
  void close() {
    journal.close();
    metrics.close();
  }

  @Test
  @Timeout(120)
  void append_serverStoppedAndStartedAgain_saysSoAndThenWorks() throws Exception {
    Semaphore told = new Semaphore(0);
    try (Hearing _ = journal.onChange(told::release)) {
      assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      journal.append("model/a", 0, ENTRY);
      FleetDatabase.stop();
      try {
        assertFailsInTime(() -> journal.append("model/a", 1, ENTRY));
      } finally {
        FleetDatabase.startAgain();
      }

      assertThat(appendedWhenBack()).isInstanceOf(Append.Appended.class);
      assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).describedAs("hears again").isTrue();
    }
  }

  @Test
  @Timeout(120)
  void calls_frozenServer_endInTimeAndThenWork() throws IOException, InterruptedException {
    journal.append("model/a", 0, ENTRY);
    FleetDatabase.freeze();
    try {
      assertFailsInTime(() -> journal.append("model/a", 1, ENTRY));
      assertFailsInTime(() -> journal.read("model/a", 0));
      assertFailsInTime(() -> journal.checkpoint("r1", new byte[] {1}, List.of()));
      assertFailsInTime(() -> journal.lease("leader", "a", Duration.ofSeconds(5)));
      assertFailsInTime(
          () -> PostgresJournal.open(settings, Map.of(), CLOCK, metrics.journal()).close());
    } finally {
      FleetDatabase.thaw();
    }

    assertThat(appendedWhenBack()).isInstanceOf(Append.Appended.class);
  }

  private static void assertFailsInTime(Runnable call) {
    long begun = System.nanoTime();
    assertThatExceptionOfType(JournalUnavailableException.class)
        .isThrownBy(call::run)
        .withMessageContaining("localhost");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(CALL_MAX);
  }

  /** An append that the outage cut has no outcome known; the stream tells. */
  private Append appendedWhenBack() {
    long begun = System.nanoTime();
    while (true) {
      try {
        return journal.append("model/a", journal.read("model/a", 0).size(), ENTRY);
      } catch (JournalUnavailableException e) {
        if (System.nanoTime() - begun > BACK_MAX.toNanos()) {
          throw e;
        }
      }
    }
  }
}
