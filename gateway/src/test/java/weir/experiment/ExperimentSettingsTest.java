package weir.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.config.JsonSchema;

class ExperimentSettingsTest {
  @Test
  void defaults_everyKey_isAsDocumented() {
    Optional<Double> none = Optional.empty();

    assertThat(ExperimentSettings.defaults())
        .isEqualTo(
            new ExperimentSettings(
                0.01,
                Duration.ofHours(1),
                none,
                1_000_000,
                500,
                List.of(
                    new Check.Errors(0.01, none, true),
                    new Check.Timeouts(0.01, none, false),
                    new Check.InvalidOutputs(0.01, none, true),
                    new Check.Latency(0.95, none, none, true),
                    new Check.Latency(0.99, none, none, true))));
    assertThat(Check.Latency.of(0.95).tolerable()).isCloseTo(0.1, within(1e-9));
    assertThat(Check.Latency.of(0.99).tolerable()).isEqualTo(0.03);
    assertThat(Check.Reward.defaults())
        .isEqualTo(new Check.Reward(Check.Better.HIGHER, 0.02, 0.05, false, true));
    assertThat(Check.AbsoluteError.defaults())
        .isEqualTo(new Check.AbsoluteError(0.02, 0.05, false, true));
    assertThat(Check.WithinTolerance.defaults())
        .isEqualTo(new Check.WithinTolerance(0.1, 0.02, 0.05, true));
    assertThat(Check.Accuracy.defaults()).isEqualTo(new Check.Accuracy(0.02, 0.05, true));
  }

  @Test
  void keys_all_areDescribed() {
    assertThat(JsonSchema.undescribed(ExperimentSettings.class)).isEmpty();
  }

  @Test
  void measured_shareAbsent_dependsOnTheCache() {
    assertThat(ExperimentSettings.defaults().measured(true)).isEqualTo(0.2);
    assertThat(ExperimentSettings.defaults().measured(false)).isEqualTo(1);
    assertThat(with(0.01, "PT1H", 0.7, 1_000, 100).measured(true)).isEqualTo(0.7);
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT1H, 1, 1000, 100, alpha",
    "0.21, PT1H, 1, 1000, 100, alpha",
    "NaN, PT1H, 1, 1000, 100, alpha",
    "0.01, PT-1S, 1, 1000, 100, label-window",
    "0.01, P91D, 1, 1000, 100, label-window",
    "0.01, PT1H, 0, 1000, 100, measured-share",
    "0.01, PT1H, 1.1, 1000, 100, measured-share",
    "0.01, PT1H, 1, 999, 100, units-max",
    "0.01, PT1H, 1, 20000001, 100, units-max",
    "0.01, PT1H, 1, 1000, 99, warm-up",
    "0.01, PT1H, 1, 1000, 100001, warm-up"
  })
  void settings_outOfBounds_areRefused(
      double alpha, String window, double share, long units, int warmUp, String key) {
    assertThatThrownBy(() -> with(alpha, window, share, units, warmUp))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(key);
  }

  private static ExperimentSettings with(
      double alpha, String window, double share, long units, int warmUp, Check... checks) {
    return new ExperimentSettings(
        alpha, Duration.parse(window), Optional.of(share), units, warmUp, Arrays.asList(checks));
  }

  @Test
  void checks_twiceTheSame_areRefused() {
    assertThatThrownBy(
            () -> with(0.01, "PT1H", 1, 1_000, 100, Check.Latency.of(0.9), Check.Latency.of(0.9)))
        .hasMessage("checks must differ, 'latency p90' is twice");
  }

  @Test
  void checks_outOfBounds_areRefused() {
    Optional<Double> none = Optional.empty();
    assertThatThrownBy(() -> new Check.Errors(0, none, true)).hasMessageContaining("tolerable");
    assertThatThrownBy(() -> new Check.Timeouts(0.51, none, true))
        .hasMessageContaining("tolerable");
    assertThatThrownBy(() -> new Check.InvalidOutputs(0.1, Optional.of(0.0), true))
        .hasMessageContaining("margin");
    assertThatThrownBy(() -> new Check.Latency(0.49, none, none, true))
        .hasMessageContaining("quantile");
    assertThatThrownBy(() -> new Check.Latency(0.9995, none, none, true))
        .hasMessageContaining("quantile");
    assertThatThrownBy(() -> new Check.Latency(0.9, Optional.of(0.0), none, true))
        .hasMessageContaining("tolerable");
    assertThatThrownBy(() -> new Check.Reward(Check.Better.LOWER, -0.1, 0.05, false, true))
        .hasMessageContaining("margin");
    assertThatThrownBy(() -> new Check.AbsoluteError(10.1, 0.05, false, true))
        .hasMessageContaining("margin");
    assertThatThrownBy(() -> new Check.Accuracy(0, 0, true)).hasMessageContaining("smallest");
    assertThatThrownBy(() -> new Check.WithinTolerance(0, 0, 0.05, true))
        .hasMessageContaining("within");
  }

  @ParameterizedTest
  @CsvSource({"0.001, 3", "0.01, 3", "0.05, 1", "0.25, 0.5", "0.5, 0.25", "1, 0.25"})
  void margins_atTheSteps_areAsDocumented(double share, double margin) {
    assertThat(Margins.at(share)).isCloseTo(margin, within(1e-12));
  }

  @Test
  void margins_betweenTheSteps_fallAsTheShareGrows() {
    assertThat(Margins.at(0.1)).isBetween(0.5, 1.0).isLessThan(Margins.at(0.09));
  }
}
