package weir.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BufferedObserverTest {
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);

  private final LongAdder dropped = new LongAdder();
  private final AtomicLong nanoTime = new AtomicLong();
  private final List<Double> seen = new CopyOnWriteArrayList<>();

  @Test
  void observe_sinkThatHangs_keepsCapacityAndDropsTheRest() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    BufferedObserver buffer =
        buffer(
            16,
            CLOSE_WITHIN,
            observation -> {
              entered.countDown();
              await(release);
              seen.add(observation.score());
            });
    buffer.observe(Observations.numbered(0));
    entered.await();

    for (int i = 1; i <= 16 + 100; i++) {
      buffer.observe(Observations.numbered(i));
    }

    assertThat(dropped.sum()).isEqualTo(100);
    release.countDown();
    buffer.close();
    assertThat(seen).hasSize(17).contains(0.0, 16.0).doesNotContain(17.0);
  }

  @Test
  void observe_sinkThatThrows_countsEachAndLogsOncePerMinute() {
    try (LogCapture log = new LogCapture("weir.observation")) {
      BufferedObserver buffer =
          buffer(
              1024,
              CLOSE_WITHIN,
              observation -> {
                if (observation.score() == 60) {
                  nanoTime.set(Duration.ofMinutes(1).toNanos());
                }
                if (observation.score() != 50) {
                  throw new IllegalStateException("database is gone");
                }
                seen.add(observation.score());
              });

      for (int i = 0; i < 100; i++) {
        buffer.observe(Observations.numbered(i));
      }
      buffer.close();

      assertThat(seen).containsExactly(50.0);
      assertThat(dropped.sum()).isEqualTo(99);
      assertThat(log.records()).extracting(LogRecord::getMessage).hasSize(2);
      assertThat(log.records().getLast().getMessage())
          .isEqualTo(
              "sink 'journal' failed and lost 1 entries"
                  + " (58 such failures not logged since the last line)");
    }
  }

  @Test
  void close_queuedObservations_deliversThemInOrder() {
    BufferedObserver buffer =
        buffer(5000, CLOSE_WITHIN, observation -> seen.add(observation.score()));
    List<Double> given = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      buffer.observe(Observations.numbered(i));
      given.add((double) i);
    }

    buffer.close();

    assertThat(seen).containsExactlyElementsOf(given);
    assertThat(dropped.sum()).isZero();
  }

  @Test
  void close_sinkThatHangs_returnsAndCountsWhatWasLeft() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    try (LogCapture log = new LogCapture("weir.observation")) {
      BufferedObserver buffer =
          buffer(
              64,
              Duration.ofMillis(50),
              observation -> {
                entered.countDown();
                await(never);
                seen.add(observation.score());
              });
      buffer.observe(Observations.numbered(0));
      entered.await();
      for (int i = 1; i <= 10; i++) {
        buffer.observe(Observations.numbered(i));
      }

      buffer.close();

      Await.until("all counted, one told", () -> dropped.sum() == 11 && log.records().size() == 1);
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void observe_afterClose_isDropped() {
    BufferedObserver buffer = buffer(8, CLOSE_WITHIN, observation -> seen.add(0.0));
    buffer.close();

    buffer.observe(Observations.numbered(1));

    assertThat(dropped.sum()).isEqualTo(1);
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1 << 20})
  void observe_manyProducers_deliversOrDropsEachOnceInEachProducersOrder(int capacity)
      throws InterruptedException {
    int producers = 8;
    int each = 50_000;
    LongAdder delivered = new LongAdder();
    int[] last = new int[producers];
    CopyOnWriteArrayList<String> disorder = new CopyOnWriteArrayList<>();
    BufferedObserver buffer =
        buffer(
            capacity,
            CLOSE_WITHIN,
            observation -> {
              int number = (int) observation.score();
              delivered.increment();
              if (number / producers < last[number % producers]) {
                disorder.add("number " + number);
              }
              last[number % producers] = number / producers;
            });
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      int producer = p;
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int i = 0; i < each; i++) {
              buffer.observe(Observations.numbered(i * producers + producer));
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    buffer.close();

    assertThat(delivered.sum() + dropped.sum()).isEqualTo((long) producers * each);
    assertThat(delivered.sum()).isPositive();
    assertThat(disorder).isEmpty();
  }

  @Test
  void create_noCapacity_isRefused() {
    assertThatThrownBy(() -> buffer(0, CLOSE_WITHIN, observation -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the queue of sink 'journal' holds at least 1, not 0");
  }

  private BufferedObserver buffer(int capacity, Duration closeWithin, Observer slow) {
    return BufferedObserver.create(
        "journal", slow, capacity, closeWithin, dropped::add, nanoTime::get);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}
