package weir.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.dashboards.Dashboard.Query;

/** Every query of every dashboard, asked of a real Prometheus that scrapes a real gateway. */
class DashboardQueriesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String RATE_INTERVAL = "10s";

  /** What Grafana writes for a variable: under All, and when several are chosen. */
  private static final Map<String, String> ALL =
      Map.of("model", ".*", "variant", ".*", "feature", ".*", "instance", ".*");

  private static final Map<String, String> CHOSEN =
      Map.of(
          "model", "(diamond-price|plain-30)",
          "variant", "(1|2)",
          "feature", "(carat|cut|price)",
          "instance", "(.+:[0-9]+)");

  private static final int PROMTOOL_COMPLAINS = 3;

  /** Metrics that Micrometer names. */
  private static final Pattern NOT_OURS = Pattern.compile("(jvm|process|system)_");

  /** What cannot happen to a rollout without a shadow that stays under way past its first step. */
  private static final Pattern NOT_HAPPENED =
      Pattern.compile("event=\"(approval_awaited|promoted|rolled_back)\"|weir_rollout_step\\{");

  /** What only variants on servers elsewhere have; the measured gateway has none of those. */
  private static final Pattern ELSEWHERE =
      Pattern.compile("weir_backend_(retries|last_resorts|breaker|endpoint|connections)");

  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Pattern LABEL_VALUES =
      Pattern.compile("label_values\\((.+), (\\w+)\\)", Pattern.DOTALL);

  private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
  private static Prometheus prometheus;
  private static Traffic traffic;
  private static GatewayProcess gateway;
  private static Instant began;
  private static Instant measured;

  @BeforeAll
  static void measureAGatewayUnderTraffic() throws Exception {
    Path program = DebianProgram.PROMETHEUS.required();
    Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
    Path folder = Files.createTempDirectory(target, "queries-");
    began = Instant.now();
    gateway = GatewayProcess.start(folder);
    OPEN.push(gateway);
    prometheus = Prometheus.start(program, folder, gateway.metrics());
    OPEN.push(prometheus);
    traffic = new Traffic(gateway.inference());
    OPEN.push(traffic);
    // Dry, so that the rollout is still under way when the queries are asked.
    rollout("start", "{\"candidate\": \"2\", \"steps\": [10, 50, 100], \"dry_run\": true}");
    rollout("advance", "");
    while (!measuredLongEnough()) {
      assertThat(Instant.now())
          .as("scrapes come from %s", prometheus.ask("targets", Map.of()))
          .isBefore(began.plus(PATIENCE));
      traffic.send(100);
      rollout("pause", "");
      rollout("resume", "");
    }
    measured = Instant.now();
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : OPEN) {
      each.close();
    }
  }

  private static void rollout(String command, String body)
      throws IOException, InterruptedException {
    gateway.command("/admin/models/diamond-price/rollout/" + command, body);
  }

  /**
   * Whether a whole rate interval of traffic has been scraped, a drift window judged, and of the
   * rollout the interval bounded that takes the most requests, and the one that takes feedback.
   */
  private static boolean measuredLongEnough() throws IOException, InterruptedException {
    return holds(
            "min_over_time(up[%1$s]) == 1 and count_over_time(up[%1$s]) >= 9"
                .formatted(RATE_INTERVAL))
        && holds("min(weir:drift_status{variant=~\"1|2\"}) >= 0")
        && holds("min(weir_experiment_latency_high_seconds{percentile=\"p99\"}) > 0")
        && holds("count(weir_experiment_effect_high{metric=~\"absolute.error\"}) > 0");
  }

  private static boolean holds(String condition) throws IOException, InterruptedException {
    JsonNode answer = prometheus.ask("query", Map.of("query", condition));
    return !answer.path("data").path("result").isEmpty();
  }

  static List<Query> queries() {
    return Dashboard.all().stream().flatMap(dashboard -> dashboard.queries().stream()).toList();
  }

  static Stream<Query> queriesWithExemplars() {
    return queries().stream().filter(Query::exemplars);
  }

  static Stream<String> annotations() {
    return Dashboard.all().stream()
        .flatMap(dashboard -> dashboard.annotations().stream())
        .map(annotation -> annotation.path("expr").asText())
        .distinct();
  }

  static Stream<String> variables() {
    return Dashboard.all().stream()
        .flatMap(dashboard -> dashboard.variables().stream())
        .filter(variable -> variable.path("type").asText().equals("query"))
        .map(variable -> variable.path("definition").asText())
        .distinct();
  }

  @Test
  void target_scraped_isUp() throws Exception {
    JsonNode targets = ask("targets", Map.of("state", "active")).path("activeTargets");

    assertThat(targets)
        .isNotEmpty()
        .allSatisfy(target -> {
          assertThat(target.path("lastError").asText()).isEmpty();
          assertThat(target.path("health").asText()).isEqualTo("up");
        });
  }

  @Test
  void metrics_ofOurOwn_pleasePromtool() throws Exception {
    Process promtool =
        new ProcessBuilder(DebianProgram.PROMTOOL.required().toString(), "check", "metrics")
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = promtool.getOutputStream()) {
      in.write(gateway.metricsPage());
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(promtool.waitFor()).as(said).isIn(0, PROMTOOL_COMPLAINS);
    assertThat(said.lines()).allMatch(complaint -> NOT_OURS.matcher(complaint).lookingAt());
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_underAll_hasNumbers(Query query) throws Exception {
    assertThat(numbers(filled(query.expression(), ALL)).isEmpty())
        .isEqualTo(ELSEWHERE.matcher(query.expression()).find());
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_ofSomeModelsAndVariants_hasNumbers(Query query) throws Exception {
    assertThat(numbers(filled(query.expression(), CHOSEN)).isEmpty())
        .isEqualTo(ELSEWHERE.matcher(query.expression()).find());
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_asked_hasTheLabelsOfItsLegendAndOneLinePerLegend(Query query) throws Exception {
    List<String> labels =
        LEGEND_LABEL.matcher(query.legend()).results().map(label -> label.group(1)).toList();

    List<JsonNode> series = series(filled(query.expression(), ALL));

    assertThat(series)
        .allSatisfy(
            one -> assertThat(one.path("metric").fieldNames()).toIterable().containsAll(labels));
    assertThat(series)
        .extracting(one -> labels.stream().map(label -> one.path("metric").path(label)).toList())
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("annotations")
  void annotation_asked_isATimeOfThisRun(String expression) throws Exception {
    List<Double> times = numbers(filled(expression, ALL));

    if (NOT_HAPPENED.matcher(expression).find()) {
      assertThat(times).isEmpty();
    } else {
      assertThat(times)
          .isNotEmpty()
          .allMatch(time -> time >= began.toEpochMilli() && time <= measured.toEpochMilli());
    }
  }

  @ParameterizedTest
  @MethodSource("variables")
  void variable_asked_hasValues(String definition) throws Exception {
    MatchResult parts =
        LABEL_VALUES.matcher(definition).results().findFirst().orElseThrow(AssertionError::new);

    JsonNode values =
        ask("label/" + parts.group(2) + "/values", Map.of("match[]", filled(parts.group(1), ALL)));

    assertThat(values).extracting(JsonNode::asText).isNotEmpty().noneMatch(String::isEmpty);
  }

  @ParameterizedTest
  @MethodSource("queriesWithExemplars")
  void exemplars_ofALatencyQuery_areTracesThatWereSent(Query query) throws Exception {
    JsonNode found =
        ask(
            "query_exemplars",
            Map.of(
                "query", filled(query.expression(), ALL),
                "start", began.toString(),
                "end", measured.toString()));

    List<String> traceIds =
        Dashboard.elements(found)
            .flatMap(series -> Dashboard.elements(series.path("exemplars")))
            .map(exemplar -> exemplar.path("labels").path("trace_id").asText())
            .toList();
    assertThat(traceIds).isNotEmpty();
    assertThat(traffic.traceIds()).containsAll(traceIds);
  }

  private static String filled(String expression, Map<String, String> variables) {
    String text = expression.replace("$__rate_interval", RATE_INTERVAL);
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      text = text.replace("$" + variable.getKey(), variable.getValue());
    }
    assertThat(text).doesNotContain("$");
    return text;
  }

  private static List<Double> numbers(String expression) throws Exception {
    return series(expression).stream()
        .map(series -> Double.valueOf(series.path("value").path(1).asText()))
        .filter(Double::isFinite)
        .toList();
  }

  private static List<JsonNode> series(String expression) throws Exception {
    JsonNode data = ask("query", Map.of("query", expression, "time", measured.toString()));
    return Dashboard.elements(data.path("result")).toList();
  }

  private static JsonNode ask(String path, Map<String, String> parameters) throws Exception {
    JsonNode answer = prometheus.ask(path, parameters);
    assertThat(answer.path("status").asText()).as("%s", answer).isEqualTo("success");
    return answer.path("data");
  }
}
