package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.config.ConfigReader;
import weir.config.JsonSchema;
import weir.config.Parsed;
import weir.rollout.RolloutSettings.OnDrift;

class RolloutSettingsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void defaults_everyKey_isAsDocumented() {
    assertThat(RolloutSettings.defaults())
        .isEqualTo(
            new RolloutSettings(
                List.of(1.0, 5.0, 25.0, 50.0, 100.0),
                Duration.ofMinutes(10),
                Duration.ofHours(24),
                List.of(),
                Duration.ZERO,
                false,
                OnDrift.IGNORE));
  }

  @Test
  void keys_allWritten_areMapped() {
    String yaml =
        """
        {steps: [2, 10.5, 100], step-min: 20s, step-max: 2m, manual: [100], shadow: 1h,
         dry-run: true, on-drift: hold}
        """;

    assertThat(ConfigReader.read(yaml, RolloutSettings.class, Map.of()))
        .isEqualTo(
            new Parsed.Good<>(
                new RolloutSettings(
                    List.of(2.0, 10.5, 100.0),
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(2),
                    List.of(100.0),
                    HOUR,
                    true,
                    OnDrift.HOLD)));
    assertThat(JsonSchema.undescribed(RolloutSettings.class)).isEmpty();
  }

  @Test
  void steps_notGrowingToAHundred_areRefused() {
    for (List<Double> steps :
        List.of(
            List.<Double>of(),
            List.of(100.0),
            List.of(1.0, 50.0),
            List.of(5.0, 5.0, 100.0),
            List.of(5.0, 1.0, 100.0),
            List.of(0.0, 100.0),
            List.of(0.009, 100.0),
            List.of(100.0, 100.0),
            List.of(Double.NaN, 100.0))) {
      assertThatThrownBy(() -> with(steps, MINUTE, HOUR, List.of(), Duration.ZERO))
          .describedAs("%s", steps)
          .hasMessageStartingWith("steps must");
    }
    assertThat(with(List.of(0.01, 100.0), MINUTE, HOUR, List.of(100.0), MINUTE).last())
        .isEqualTo(1);
  }

  @Test
  void times_outOfBounds_areRefused() {
    List<Double> steps = List.of(1.0, 100.0);
    Duration tooLong = Duration.ofDays(30).plusNanos(1);
    assertThatThrownBy(() -> with(steps, MINUTE.negated(), HOUR, List.of(), Duration.ZERO))
        .hasMessageContaining("step-min");
    assertThatThrownBy(() -> with(steps, HOUR, HOUR, List.of(), Duration.ZERO))
        .hasMessageContaining("step-min");
    assertThatThrownBy(() -> with(steps, HOUR, tooLong, List.of(), Duration.ZERO))
        .hasMessageContaining("step-max");
    for (Duration shadow : List.of(tooLong, MINUTE.negated())) {
      assertThatThrownBy(() -> with(steps, MINUTE, HOUR, List.of(), shadow))
          .hasMessageContaining("shadow");
    }
  }

  @Test
  void manual_notAStep_isRefused() {
    assertThatThrownBy(() -> with(List.of(1.0, 100.0), MINUTE, HOUR, List.of(2.0), MINUTE))
        .hasMessage("manual must name steps of [1.0, 100.0], not [2.0]");
  }

  private static RolloutSettings with(
      List<Double> steps, Duration min, Duration max, List<Double> manual, Duration shadow) {
    return new RolloutSettings(steps, min, max, manual, shadow, false, OnDrift.IGNORE);
  }
}
