package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DriftWindowsTest {
  private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

  private final DriftWindows windows = new DriftWindows(1, TWO_MINUTES, START);

  private boolean close(int minute, long total) {
    return windows.close(START.plusSeconds(60L * minute), new long[] {total});
  }

  @Test
  void due_withinTheMinute_isNot() {
    assertThat(windows.due(START.plusMillis(59_999))).isFalse();
    assertThat(windows.due(START.plusSeconds(60))).isTrue();
  }

  @Test
  void window_afterFourMinutes_twoDisjointOnes() {
    close(1, 1);
    close(2, 3);
    close(3, 7);
    close(4, 15);

    assertThat(windows.window(0)).containsExactly(12);
    assertThat(windows.window(1)).containsExactly(3);
    assertThat(windows.end()).isEqualTo(START.plusSeconds(240));
  }

  @Test
  void close_everyMinute_saysTheEndOfEverySecond() {
    assertThat(close(1, 0)).isFalse();
    assertThat(close(2, 0)).isTrue();
    assertThat(close(3, 0)).isFalse();
    assertThat(close(4, 0)).isTrue();
  }

  @Test
  void window_shorterThanAMinute_isOneBucket() {
    DriftWindows brief = new DriftWindows(1, Duration.ofSeconds(10), START);

    assertThat(brief.due(START.plusSeconds(9))).isFalse();
    assertThat(brief.close(START.plusSeconds(10), new long[] {4})).isTrue();
    assertThat(brief.close(START.plusSeconds(20), new long[] {9})).isTrue();

    assertThat(brief.window(0)).containsExactly(5);
    assertThat(brief.window(1)).containsExactly(4);
  }

  @Test
  void close_afterASleep_oldCountsAreGone() {
    close(1, 5);
    assertThat(close(9, 8)).isTrue();

    assertThat(windows.window(0)).containsExactly(0);
    assertThat(windows.window(1)).containsExactly(0);
    close(10, 10);
    assertThat(windows.window(0)).containsExactly(2);
  }

  @Test
  void close_clockSetBackAnHour_goesOnCountingAndTellsTheNewTime() {
    close(1, 1);
    close(2, 3);

    assertThat(windows.due(START.plusSeconds(60))).describedAs("a second's correction").isFalse();
    assertThat(windows.due(START.plusSeconds(-3_480))).isTrue();
    close(-58, 7);
    close(-57, 15);

    assertThat(windows.window(0)).containsExactly(12);
    assertThat(windows.window(1)).containsExactly(3);
    assertThat(windows.end()).isEqualTo(START.plusSeconds(-3_420));
    assertThat(windows.due(START.plusSeconds(-3_400))).isFalse();
  }

  @Test
  void close_afterAShortSleep_keepsWhatIsStillInTheWindows() {
    close(1, 5);
    close(3, 8);

    assertThat(windows.window(0)).containsExactly(3);
    assertThat(windows.window(1)).containsExactly(5);
  }

  @Test
  void window_longerThanAnHour_isMadeOfHours() {
    DriftWindows hours = new DriftWindows(1, Duration.ofHours(3), START);

    assertThat(hours.due(START.plusSeconds(3_599))).isFalse();
    for (int hour = 1; hour <= 6; hour++) {
      hours.close(START.plusSeconds(3_600L * hour), new long[] {hour});
    }
    assertThat(hours.window(0)).containsExactly(3);
    assertThat(hours.window(1)).containsExactly(3);
  }
}
