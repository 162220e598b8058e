package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;

class DriftMonitorTest {
  private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
  private static final List<Diamonds.Row> ROWS = Diamonds.shuffled(2);
  private static final String CARAT = "{feature=\"carat\",model=\"diamond-price\",variant=\"1\"}";

  @TempDir Path folder;
  private final GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.fixed(START));
  private final List<DriftEvent> events = new ArrayList<>();
  private final DriftMonitor monitor =
      DriftMonitor.create(metrics.drift(), events::add, InstantSource.fixed(START));
  private int minute;
  private int next = 20_000;

  @BeforeEach
  void watch() throws IOException {
    Path file = folder.resolve("baseline.json");
    Files.writeString(file, BaselineJson.write(Diamonds.baseline(ROWS.subList(0, 20_000))));
    assertThat(monitor.watch(Diamonds.VARIANT, Diamonds.SIGNATURE, settings(file), true)).isEmpty();
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  static DriftSettings settings(Path file) {
    DriftSettings defaults = DriftSettings.defaults();
    return new DriftSettings(
        new DriftSettings.Source.File(file),
        Duration.ofMinutes(1),
        defaults.samplesMin(),
        defaults.batchRowsMax(),
        defaults.falseAlarmsPerWeek(),
        defaults.psi(),
        defaults.share(),
        defaults.featuresMax());
  }

  /** One window of 1,000 real rows, carat moved by that much. */
  private void serve(float heavier) {
    for (int i = 0; i < 1_000; i++) {
      Diamonds.Row row = ROWS.get(next++).heavier(heavier);
      monitor.answered(Diamonds.VARIANT, row.inputs(), row.outputs());
    }
    monitor.tick(START.plusSeconds(60L * ++minute));
  }

  private SignalDrift carat() {
    return monitor.report("diamond-price").orElseThrow().variants().getFirst().signals().getFirst();
  }

  private String scrape() {
    return metrics.scrape("").body();
  }

  @Test
  void report_steadyTraffic_goesFromInsufficientToOk() {
    assertThat(carat().status()).isEqualTo(DriftStatus.INSUFFICIENT);
    serve(0);
    assertThat(carat().status()).isEqualTo(DriftStatus.INSUFFICIENT);
    assertThat(carat().samples()).isEqualTo(1_000);
    serve(0);
    assertThat(monitor.report("diamond-price").orElseThrow().variants().getFirst().status())
        .isEqualTo(DriftStatus.OK);
  }

  @Test
  void report_inputThatMoves_isSaidOnceWithTheTimeItBegan() {
    serve(0);
    serve(0);
    events.clear();
    serve(0.3f);
    assertThat(events).isEmpty();
    serve(0.3f);
    serve(0.3f);

    assertThat(carat().status()).isEqualTo(DriftStatus.DRIFT);
    assertThat(carat().since()).isEqualTo(START.plusSeconds(120));
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().now().feature()).isEqualTo("carat");
    assertThat(events.getFirst().before()).isEqualTo(DriftStatus.OK);
    assertThat(events.getFirst().at()).isEqualTo(START.plusSeconds(240));
  }

  @Test
  void metrics_beforeTraffic_everyBinIsZero() {
    String text = scrape();

    assertThat(text.lines().filter(line -> line.startsWith("weir_drift_window_bin{")))
        .hasSizeGreaterThan(60)
        .allMatch(line -> line.endsWith(" 0.0"));
    assertThat(text)
        .contains("weir_drift_status" + CARAT + " -1.0")
        .contains(
            "weir_baseline_samples"
                + CARAT.replace("variant", "side=\"input\",variant")
                + " 20000.0")
        .contains("weir_drift_window_seconds{model=\"diamond-price\",variant=\"1\"} 60.0")
        .contains(
            "weir_baseline_timestamp_seconds{model=\"diamond-price\",variant=\"1\"} 1.7676144E9")
        .contains(
            "weir_invalid_inputs_total{feature=\"x\",model=\"diamond-price\",reason=\"missing\"} 0.0");
  }

  @Test
  void metrics_afterAWindow_binsSumToItsRows() {
    serve(0);

    double sum =
        scrape()
            .lines()
            .filter(line -> line.startsWith("weir_drift_window_bin{") && line.contains("\"carat\""))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .sum();
    assertThat(sum).isEqualTo(1_000);
    assertThat(scrape()).contains("weir_drift_samples" + CARAT + " 1000.0");
  }

  @Test
  void watch_again_keepsTheCounts() {
    serve(0);
    monitor.watch(
        Diamonds.VARIANT, Diamonds.SIGNATURE, settings(folder.resolve("baseline.json")), true);

    assertThat(carat().samples()).isEqualTo(1_000);
  }

  @Test
  void watch_fileThatDoesNotFit_saysWhyAndChangesNothing() throws IOException {
    Path other = folder.resolve("other.json");
    Baseline baseline = Diamonds.baseline(ROWS.subList(0, 1_000));
    Files.writeString(
        other, BaselineJson.write(new Baseline("churn", baseline.madeAt(), baseline.signals())));
    Variant two = new Variant("diamond-price", "2");

    assertThat(monitor.watch(two, Diamonds.SIGNATURE, settings(other), false))
        .containsExactly(other + ": the baseline is of model 'churn', not 'diamond-price'");
    assertThat(monitor.watch(two, Diamonds.SIGNATURE, settings(folder.resolve("none.json")), false))
        .singleElement()
        .asString()
        .contains("cannot be read");
    assertThat(monitor.report("diamond-price").orElseThrow().variants()).hasSize(1);
  }

  @Test
  void watch_moreSignalsThanTheLimit_saysHowManyAreLeftOut() {
    DriftSettings defaults = settings(folder.resolve("baseline.json"));
    DriftSettings three =
        new DriftSettings(
            defaults.baseline(),
            defaults.window(),
            500,
            10,
            0.1,
            defaults.psi(),
            defaults.share(),
            3);
    monitor.watch(Diamonds.VARIANT, Diamonds.SIGNATURE, three, true);

    assertThat(monitor.report("diamond-price").orElseThrow().variants().getFirst().signals())
        .hasSize(3);
    assertThat(scrape())
        .contains(
            "weir_drift_untracked{limit=\"features\",model=\"diamond-price\",variant=\"1\"} 7.0");
  }

  @Test
  void forget_variant_takesItsReportAndGauges() {
    monitor.forget(Diamonds.VARIANT);

    assertThat(monitor.report("diamond-price")).isEmpty();
    assertThat(scrape()).doesNotContain("weir_drift_status{");
    serve(0);
  }

  @Test
  void refused_badInputs_countByDeclaredNameOnly() {
    List<Tensor> inputs =
        List.of(
            Tensor.ofStrings("carat", Shape.of(1, 1), "one"),
            Tensor.ofFloats("depth", Shape.of(1), 1),
            Tensor.ofFloats("mine", Shape.of(1, 1), 1));
    monitor.refused("diamond-price", inputs);
    monitor.refused("nobody", inputs);

    assertThat(scrape())
        .contains("{feature=\"carat\",model=\"diamond-price\",reason=\"datatype\"} 1.0")
        .contains("{feature=\"depth\",model=\"diamond-price\",reason=\"shape\"} 1.0")
        .contains("{feature=\"x\",model=\"diamond-price\",reason=\"missing\"} 1.0")
        .doesNotContain("\"mine\"")
        .doesNotContain("\"nobody\"");
  }

  @Test
  void tick_enoughRowsLearned_watchesEveryVariantAgainstThem() {
    Variant two = new Variant("diamond-price", "2");
    DriftSettings file = settings(folder.resolve("baseline.json"));
    DriftSettings learn =
        new DriftSettings(
            new DriftSettings.Source.Learned(1_000),
            file.window(),
            500,
            10,
            0.1,
            file.psi(),
            file.share(),
            200);
    monitor.watch(Diamonds.VARIANT, Diamonds.SIGNATURE, learn, true);
    monitor.watch(two, Diamonds.SIGNATURE, learn, false);
    assertThat(monitor.report("diamond-price")).isEmpty();

    List<Diamonds.Row> first = ROWS.subList(next, next + 1_000);
    serve(0);

    assertThat(monitor.learned("diamond-price"))
        .map(Baseline::signals)
        .contains(Diamonds.baseline(first).signals());
    assertThat(monitor.report("diamond-price").orElseThrow().variants())
        .extracting(DriftReport.OfVariant::variant)
        .containsExactly(Diamonds.VARIANT, two);
  }
}
