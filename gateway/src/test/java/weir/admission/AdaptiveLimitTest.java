package weir.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.admission.Simulation.MILLI;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - Simulation.SECOND); // wraps soon
  private final AdaptiveLimit limit = new AdaptiveLimit(4, 256, now::get);

  /** A window of answers, each of which took and waited that long. */
  private void window(int inFlight, long wholeMillis, long ownMillis) {
    now.addAndGet(AdaptiveLimit.WINDOW_NANOS);
    for (int i = 0; i < AdaptiveLimit.WINDOW_ANSWERS; i++) {
      limit.answered(inFlight, wholeMillis * MILLI, ownMillis * MILLI);
    }
  }

  @Test
  void now_atFirst_isTheMost() {
    assertThat(limit.now()).isEqualTo(256);
  }

  @Test
  void answered_queueThatStands_goesToWhatGivesTheWantedLatency() {
    window(100, 250, 20);

    assertThat(limit.now()).isEqualTo(12); // 100 in flight * 30 ms wanted / 250 ms seen
  }

  @Test
  void answered_burstWhoseFirstDidNotWait_staysAtTheMost() {
    now.addAndGet(AdaptiveLimit.WINDOW_NANOS);
    for (int i = 0; i < AdaptiveLimit.WINDOW_ANSWERS; i++) {
      limit.answered(i + 1, (20 + 10L * (i / 2)) * MILLI, 20 * MILLI);
    }

    assertThat(limit.now()).isEqualTo(256);
  }

  @Test
  void answered_manyAndAStallAtTheEnd_staysAtTheMost() {
    now.addAndGet(AdaptiveLimit.WINDOW_NANOS / 2);
    for (int i = 0; i < 800; i++) {
      limit.answered(2, MILLI / 5, MILLI / 5);
    }
    now.addAndGet(AdaptiveLimit.WINDOW_NANOS / 2 - 1);
    for (int i = 0; i < 100; i++) {
      limit.answered(50, 10 * MILLI, 10 * MILLI);
    }
    now.addAndGet(1);
    limit.answered(50, 10 * MILLI, 10 * MILLI);

    assertThat(limit.now()).isEqualTo(256);
  }

  @Test
  void answered_oneSlowInFour_staysAtTheMost() {
    window(1, 20, 20);
    now.addAndGet(AdaptiveLimit.WINDOW_NANOS);
    for (int i = 0; i < AdaptiveLimit.WINDOW_ANSWERS; i++) {
      long millis = i % 4 == 0 ? 2_000 : 20;
      limit.answered(100, millis * MILLI, millis * MILLI);
    }

    assertThat(limit.now()).isEqualTo(256);
  }

  @Test
  void answered_waitsBelowTheLeastWorthARefusal_staysAtTheMost() {
    window(100, 2, 0);

    assertThat(limit.now()).isEqualTo(256);
  }

  @Test
  void answered_serverThatBecameSlower_findsTheNewUndisturbedLatency() {
    window(4, 20, 20);
    for (int i = 0; i < 40; i++) {
      limit.refused();
      window(limit.now(), 60, 60);
    }

    assertThat(limit.now()).isGreaterThan(8);
  }

  @Test
  void overloaded_again_fallsToTheLeastAndRecovers() {
    for (int i = 0; i < 100; i++) {
      limit.overloaded();
    }
    assertThat(limit.now()).isEqualTo(4);

    for (int i = 0; i < 12; i++) {
      window(1, 20, 20);
    }
    assertThat(limit.now()).isEqualTo(256);
  }

  @Test
  void began_alone_givesOneMore() {
    window(100, 250, 20);

    limit.began(1);

    assertThat(limit.now()).isEqualTo(13);
  }
}
