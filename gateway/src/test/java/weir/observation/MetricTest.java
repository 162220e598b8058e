package weir.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static weir.observation.Observations.STABLE;
import static weir.observation.Observations.TRACE;
import static weir.observation.Observations.answered;
import static weir.observation.Observations.traced;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.inference.InferenceResult.Source;

/** The catalogue against what a real scrape shows. */
class MetricTest {
  private static final String OPEN_METRICS = "application/openmetrics-text;version=1.0.0,*/*;q=0.1";
  private static final List<String> PLATFORM = List.of("jvm_", "process_", "system_");

  private final GatewayMetrics metrics = GatewayMetrics.create("0.1.0", InstantSource.system());

  @BeforeEach
  void useEveryMetric() {
    metrics.prepare(STABLE);
    metrics.dropCounter("journal");
    metrics.observe(traced(answered(STABLE, Source.MODEL, 3_000_000, 2_000_000), TRACE));
    metrics.drift().invalidInput(STABLE.model(), "carat", "missing").run();
    metrics.drift().show(STABLE, driftReadings());
    metrics.rollout().show(STABLE.model(), rolloutReadings());
    metrics.feedback().count(STABLE.model(), FeedbackMeters.Result.ACCEPTED);
    metrics.journal().wrote(Instant.EPOCH);
    metrics.notices().sink("stream");
    metrics.door("http");
    metrics.shadow().watch(STABLE, _ -> 1);
    metrics
        .remote(STABLE)
        .show(() ->
            new RemoteReading(
                RemoteReading.Breaker.OPEN,
                1,
                0,
                List.of(new RemoteReading.Endpoint("10.0.0.7:80", true, false))));
    metrics.feedback().count(STABLE.model(), FeedbackMeters.Result.ACCEPTED);
  }

  /** One reading of each gauge that drift shows. */
  private static List<DriftMeters.Reading> driftReadings() {
    return List.of(Metric.values()).stream()
        .filter(metric -> metric.exposedName().matches("weir_(drift|baseline)_.*"))
        .map(metric ->
            new DriftMeters.Reading(
                metric, Collections.nCopies(metric.labels().size() - 2, "x"), 1))
        .toList();
  }

  /** One reading of each gauge that rollouts show. */
  private static List<RolloutMeters.Reading> rolloutReadings() {
    return List.of(Metric.values()).stream()
        .filter(metric -> metric.exposedName().matches("weir_(experiment|rollout|srm)_.*"))
        .map(metric ->
            new RolloutMeters.Reading(
                metric, Collections.nCopies(metric.labels().size() - 1, "x"), 1))
        .toList();
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void scrape_textFormat_showsExactlyTheCatalogue() {
    Scrape scrape = metrics.scrape("text/plain;version=0.0.4");

    Exposition shown = Exposition.of(scrape.body());

    assertThat(scrape.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(own(shown.types())).isEqualTo(catalogue(MetricTest::textType));
    assertThat(own(shown.helps())).isEqualTo(catalogue(Metric::help));
    for (Metric metric : Metric.values()) {
      assertThat(shown.labelNames(metric.exposedName()))
          .as(metric.exposedName())
          .isEqualTo(new HashSet<>(metric.labels()));
    }
  }

  @Test
  void scrape_openMetrics_showsTypesOfTheCatalogueAndEnds() {
    Scrape scrape = metrics.scrape(OPEN_METRICS);

    Exposition shown = Exposition.of(scrape.body());

    assertThat(scrape.contentType())
        .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(scrape.body()).endsWith("# EOF\n");
    Map<String, String> expected = new TreeMap<>();
    for (Metric metric : Metric.values()) {
      expected.put(
          metric.exposedName().replaceFirst("_(total|info)$", ""),
          metric.type().name().toLowerCase(Locale.ROOT));
    }
    assertThat(own(shown.types())).isEqualTo(expected);
  }

  @Test
  void scrape_openMetrics_hasTheLastTraceOfEachBucketAndNoOtherExemplar() {
    String later = "0".repeat(31) + "1";
    metrics.observe(traced(answered(STABLE, Source.MODEL, 3_500_000, 2), later));
    metrics.observe(traced(answered(STABLE, Source.MODEL, 30_000_000, 2), TRACE));

    List<Exposition.Sample> exemplified =
        Exposition.of(metrics.scrape(OPEN_METRICS).body()).samples().stream()
            .filter(sample -> !sample.exemplar().isEmpty())
            .toList();

    assertThat(exemplified)
        .extracting(sample -> sample.name() + " " + sample.labels().get("le"))
        .containsExactly(
            "weir_request_duration_seconds_bucket 0.005",
            "weir_request_duration_seconds_bucket 0.05");
    assertThat(exemplified.getFirst().exemplar())
        .startsWith("{trace_id=\"" + later + "\"} 0.0035 ");
    assertThat(exemplified.getLast().exemplar()).startsWith("{trace_id=\"" + TRACE + "\"} 0.03 ");
  }

  @Test
  void scrape_textFormat_hasNoExemplars() {
    assertThat(metrics.scrape("").body()).doesNotContain(TRACE);
  }

  @Test
  void scrape_names_followTheirTypeAndUnit() {
    for (Metric metric : Metric.values()) {
      assertThat(metric.exposedName()).matches("weir_[a-z_]+");
      assertThat(metric.exposedName().endsWith("_total"))
          .as(metric.exposedName())
          .isEqualTo(metric.type() == Metric.Type.COUNTER);
      switch (metric.unit()) {
        case SECONDS -> assertThat(metric.exposedName()).endsWith("_seconds");
        case BYTES -> assertThat(metric.exposedName()).endsWith("_bytes");
        case NONE -> assertThat(metric.exposedName()).doesNotContainPattern("_(seconds|bytes)$");
      }
    }
  }

  @Test
  void scrape_platformMeters_tellHeapCollectionsThreadsAndProcess() {
    Set<String> families = Exposition.of(metrics.scrape("").body()).types().keySet();

    assertThat(families)
        .contains("jvm_memory_used_bytes", "jvm_threads_live_threads", "process_cpu_usage")
        .anyMatch(family -> family.startsWith("jvm_gc_"));
  }

  @Test
  void scrape_textFormat_passesPromtool() throws IOException, InterruptedException {
    assumeTrue(
        onPath("promtool") || Boolean.parseBoolean(System.getenv("CI")), "promtool is on the path");
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    String ownLines =
        metrics
            .scrape("")
            .body()
            .lines()
            .filter(line -> line.contains("weir_"))
            .collect(Collectors.joining("\n", "", "\n"));

    promtool.getOutputStream().write(ownLines.getBytes(StandardCharsets.UTF_8));
    promtool.getOutputStream().close();

    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  private static Map<String, String> own(Map<String, String> byFamily) {
    Map<String, String> own = new TreeMap<>(byFamily);
    own.keySet().removeIf(family -> PLATFORM.stream().anyMatch(family::startsWith));
    return own;
  }

  private static Map<String, String> catalogue(Function<Metric, String> property) {
    return Arrays.stream(Metric.values())
        .collect(
            Collectors.toMap(Metric::exposedName, property, (first, _) -> first, TreeMap::new));
  }

  private static String textType(Metric metric) {
    return switch (metric.type()) {
      case COUNTER -> "counter";
      case GAUGE, INFO -> "gauge";
      case HISTOGRAM -> "histogram";
    };
  }

  private static boolean onPath(String program) {
    String path = System.getenv("PATH");
    return path != null
        && Arrays.stream(path.split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
