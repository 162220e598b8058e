package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import weir.drift.DriftSettings.Source;
import weir.drift.DriftSettings.Threshold;

class DriftSettingsTest {
  private static final Threshold PSI = new Threshold(0.1, 0.2);
  private static final Threshold SHARE = new Threshold(0.02, 0.05);

  @Test
  void defaults_everyKey_isAsDocumented() {
    assertThat(DriftSettings.defaults())
        .isEqualTo(
            new DriftSettings(
                new Source.None(), Duration.ofHours(1), 500, 10, 0.1, PSI, SHARE, 200));
  }

  @Test
  void window_outOfBoundsOrUneven_isRefused() {
    for (String window :
        new String[] {"PT4S", "PT5.5S", "PT0S", "PT90S", "PT90M", "PT25H", "PT-1M"}) {
      assertThatThrownBy(() -> with(Duration.parse(window), 500, 10, 0.1, 200))
          .hasMessageContaining("window must be whole seconds");
    }
    for (String window : new String[] {"PT5S", "PT59S", "PT1M", "PT59M", "PT1H", "PT24H"}) {
      assertThat(with(Duration.parse(window), 500, 10, 0.1, 200).window()).hasToString(window);
    }
  }

  @Test
  void numbers_outOfBounds_areRefused() {
    Duration hour = Duration.ofHours(1);
    for (long samples : new long[] {99, 1_000_001}) {
      assertThatThrownBy(() -> with(hour, samples, 10, 0.1, 200))
          .hasMessageContaining("" + samples);
    }
    for (int rows : new int[] {0, 10_001}) {
      assertThatThrownBy(() -> with(hour, 500, rows, 0.1, 200))
          .hasMessageContaining("batch-rows-max");
      assertThatThrownBy(() -> with(hour, 500, 10, 0.1, rows)).hasMessageContaining("features-max");
    }
    for (double alarms : new double[] {0, 100.1, Double.NaN}) {
      assertThatThrownBy(() -> with(hour, 500, 10, alarms, 200))
          .hasMessageContaining("false-alarms-per-week");
    }
    for (int rows : new int[] {999, 100_001}) {
      assertThatThrownBy(() -> new Source.Learned(rows)).hasMessageContaining("" + rows);
    }
  }

  @Test
  void thresholds_outOfBounds_areRefused() {
    assertThatThrownBy(() -> new Threshold(0, 1)).hasMessageContaining("0.0, 1.0");
    assertThatThrownBy(() -> new Threshold(0.2, 0.1)).hasMessageContaining("0.2, 0.1");
    assertThatThrownBy(() -> new Threshold(1, 11)).hasMessageContaining("11.0");
    assertThatThrownBy(() ->
            new DriftSettings(
                new Source.None(),
                Duration.ofHours(1),
                500,
                10,
                0.1,
                PSI,
                new Threshold(0.5, 1.1),
                200))
        .hasMessageContaining("share.drift");
  }

  private static DriftSettings with(
      Duration window, long samples, int rows, double alarms, int features) {
    return new DriftSettings(
        new Source.None(), window, samples, rows, alarms, PSI, SHARE, features);
  }
}
