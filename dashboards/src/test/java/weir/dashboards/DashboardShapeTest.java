package weir.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.dashboards.Dashboard.Panel;
import weir.dashboards.Dashboard.Query;
import weir.drift.DriftStatus;
import weir.observation.Metric;

/** What Grafana would not say, or would say too late, about a dashboard's JSON. */
class DashboardShapeTest {
  private static final int GRID_WIDTH = 24;
  private static final int STATUS_POINTS_MAX = 150;
  private static final Set<String> GRAFANA_NAMES =
      Set.of("__rate_interval", "__interval", "__range");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");
  private static final Pattern MATCHER =
      Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*\\$[^\"]*)\"");
  private static final Pattern RANGE = Pattern.compile("\\[([^\\]]*)\\]");

  /** Metrics that no panel shows, and why. */
  private static final Map<Metric, String> NOT_PLOTTED =
      Map.of(
          Metric.CACHE_EVICTIONS,
          "a full cache evicts all the time; what it costs shows in the hit ratio");

  static List<Dashboard> dashboards() {
    return Dashboard.all();
  }

  static List<Panel> charts() {
    return Dashboard.all().stream()
        .flatMap(dashboard -> dashboard.panels().stream())
        .filter(panel -> !panel.row())
        .toList();
  }

  static Stream<Panel> statusHistories() {
    return charts().stream()
        .filter(panel -> panel.json().path("type").asText().equals("status-history"));
  }

  static List<Query> queries() {
    return Dashboard.all().stream().flatMap(dashboard -> dashboard.queries().stream()).toList();
  }

  @Test
  void uids_ofAllDashboards_areOursAndDiffer() {
    List<String> uids =
        dashboards().stream().map(dashboard -> dashboard.json().path("uid").asText()).toList();

    assertThat(uids).isNotEmpty().doesNotHaveDuplicates();
    assertThat(uids).allMatch(uid -> uid.startsWith("weir-"));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void dashboard_read_isOfTheAgreedKind(Dashboard dashboard) {
    JsonNode json = dashboard.json();

    assertThat(json.path("schemaVersion").asInt()).isEqualTo(39);
    assertThat(dashboard.file()).isEqualTo(json.path("uid").asText() + ".json");
    assertThat(json.path("title").asText()).isNotBlank();
    assertThat(json.path("description").asText()).isNotBlank();
    assertThat(json.has("id")).as("an id belongs to one Grafana only").isFalse();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void links_ofADashboard_leadToTheOthersWithVariablesAndTime(Dashboard dashboard) {
    List<JsonNode> links = Dashboard.elements(dashboard.json().path("links")).toList();

    assertThat(links)
        .allSatisfy(link -> {
          assertThat(link.path("type").asText()).isEqualTo("link");
          assertThat(link.path("includeVars").asBoolean()).isTrue();
          assertThat(link.path("keepTime").asBoolean()).isTrue();
          assertThat(link.path("tooltip").asText()).isNotBlank();
        });
    assertThat(links)
        .extracting(link -> link.path("url").asText())
        .containsExactlyInAnyOrderElementsOf(
            dashboards().stream()
                .filter(other -> !other.uid().equals(dashboard.uid()))
                .map(other -> "/d/" + other.uid())
                .toList());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panels_ofADashboard_haveIdsAndTitlesOfTheirOwn(Dashboard dashboard) {
    List<Panel> panels = dashboard.panels();

    assertThat(panels).isNotEmpty();
    assertThat(panels)
        .extracting(panel -> panel.json().path("id").asInt())
        .doesNotHaveDuplicates()
        .allMatch(id -> id > 0);
    assertThat(panels)
        .extracting(panel -> panel.json().path("title").asText())
        .doesNotHaveDuplicates()
        .noneMatch(String::isBlank);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panels_onTheGrid_doNotOverlap(Dashboard dashboard) {
    Map<String, String> ownerOfCell = new HashMap<>();
    for (Panel panel : dashboard.panels()) {
      JsonNode place = panel.json().path("gridPos");
      int left = place.path("x").asInt(-1);
      int top = place.path("y").asInt(-1);
      int right = left + place.path("w").asInt();
      int bottom = top + place.path("h").asInt();
      assertThat(left).as(panel.name()).isBetween(0, right - 1);
      assertThat(top).as(panel.name()).isBetween(0, bottom - 1);
      assertThat(right).as(panel.name()).isLessThanOrEqualTo(GRID_WIDTH);
      for (int x = left; x < right; x++) {
        for (int y = top; y < bottom; y++) {
          String other = ownerOfCell.putIfAbsent(x + "," + y, panel.name());
          assertThat(other).as("%s lies on another panel", panel.name()).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("charts")
  void chart_read_saysWhatItShowsAndInWhatUnit(Panel panel) {
    assertThat(panel.json().path("description").asText()).isNotBlank();
    assertThat(panel.json().path("fieldConfig").path("defaults").path("unit").asText())
        .isNotBlank();
    assertThat(panel.queries()).isNotEmpty();
    assertThat(panel.queries()).extracting(Query::name).doesNotHaveDuplicates();
    assertThat(panel.queries()).extracting(Query::legend).noneMatch(String::isBlank);
  }

  @ParameterizedTest
  @MethodSource("charts")
  void chart_read_asksTheChosenDataSource(Panel panel) {
    Stream<JsonNode> sources =
        Stream.concat(
            Stream.of(panel.json().path("datasource")),
            Dashboard.elements(panel.json().path("targets"))
                .map(target -> target.path("datasource")));

    assertThat(sources).allSatisfy(DashboardShapeTest::isTheChosenOne);
  }

  @ParameterizedTest
  @MethodSource("statusHistories")
  void statusHistory_read_saysEveryStatusInWordsAndHasRoomForThem(Panel panel) {
    JsonNode words =
        panel.json().path("fieldConfig").path("defaults").path("mappings").path(0).path("options");

    assertThat(words).hasSize(DriftStatus.values().length);
    assertThat(DriftStatus.values())
        .allSatisfy(status ->
            assertThat(words.path(Integer.toString(status.gauge())).path("text").asText())
                .isEqualTo(status.label()));
    assertThat(panel.json().path("maxDataPoints").asInt())
        .as("Grafana draws nothing when there are more points than room")
        .isBetween(1, STATUS_POINTS_MAX);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void variables_ofADashboard_areMultipleChoicesOfTheChosenDataSource(Dashboard dashboard) {
    List<JsonNode> variables = dashboard.variables();

    assertThat(variables)
        .extracting(variable -> variable.path("name").asText())
        .startsWith("datasource")
        .doesNotHaveDuplicates();
    assertThat(variables.getFirst().path("query").asText()).isEqualTo("prometheus");
    assertThat(variables.subList(1, variables.size()))
        .allSatisfy(variable -> {
          isTheChosenOne(variable.path("datasource"));
          assertThat(variable.path("multi").asBoolean()).isTrue();
          assertThat(variable.path("includeAll").asBoolean()).isTrue();
          assertThat(variable.path("definition").asText())
              .isEqualTo(variable.path("query").path("query").asText());
        });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void variables_inQueries_exist(Dashboard dashboard) {
    Set<String> known =
        dashboard.variables().stream()
            .map(variable -> variable.path("name").asText())
            .collect(Collectors.toCollection(() -> new HashSet<>(GRAFANA_NAMES)));

    assertThat(dashboard.queries())
        .allSatisfy(query ->
            assertThat(VARIABLE.matcher(query.expression()).results().map(found -> found.group(1)))
                .isSubsetOf(known));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_withALabelThatHasAVariable_matchesItAsAnExpression(Query query) {
    Map<String, String> ofLabel =
        Map.ofEntries(
            entry("model", "$model"),
            entry("variant", "$variant"),
            entry("feature", "$feature"),
            entry("instance", "$instance"));

    assertThat(MATCHER.matcher(query.expression()).results())
        .allSatisfy(matcher -> {
          assertThat(matcher.group(2)).as(matcher.group()).isEqualTo("=~");
          assertThat(matcher.group(3)).as(matcher.group()).isEqualTo(ofLabel.get(matcher.group(1)));
        });
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_overARange_leavesItToGrafana(Query query) {
    assertThat(RANGE.matcher(query.expression()).results().map(range -> range.group(1)))
        .allMatch("$__rate_interval"::equals);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_ofRequestDurations_asksForExemplars(Query query) {
    boolean ofRequestDurations =
        query.expression().contains(Metric.REQUEST_DURATION.exposedName() + "_bucket");

    assertThat(query.exemplars()).isEqualTo(ofRequestDurations);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_read_usesOnlyMetricsThatAreExposedOrRecorded(Query query) {
    Set<String> metrics = PromQl.metrics(query.expression());

    assertThat(metrics).isNotEmpty();
    assertThat(metrics).isSubsetOf(Rules.knownSeries());
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_ofAMetricPerModel_isNarrowedToTheChosenModels(Query query) {
    for (MatchResult selector :
        Pattern.compile("\\b(weir[_:][\\w:]+)(\\{[^}]*})?")
            .matcher(query.expression())
            .results()
            .toList()) {
      String matchers = selector.group(2) == null ? "" : selector.group(2);
      if (perModel(selector.group(1))) {
        assertThat(matchers).as(selector.group()).contains("model=~\"$model\"");
      }
    }
  }

  @Test
  void catalogue_compared_isPlottedOrExcused() {
    Set<String> plotted =
        queries().stream()
            .flatMap(query -> Rules.sources(query.expression()).stream())
            .collect(Collectors.toSet());

    assertThat(Metric.values())
        .allSatisfy(metric ->
            assertThat(plotted.stream().anyMatch(Rules.seriesOf(List.of(metric))::contains))
                .as("%s is plotted; if not, NOT_PLOTTED says why", metric)
                .isNotEqualTo(NOT_PLOTTED.containsKey(metric)));
  }

  private static void isTheChosenOne(JsonNode source) {
    assertThat(source.path("type").asText()).isEqualTo("prometheus");
    assertThat(source.path("uid").asText()).isEqualTo("${datasource}");
  }

  /** Whether {@code series} has a model; everything recorded has. */
  private static boolean perModel(String series) {
    return Stream.of(Metric.values())
        .filter(metric -> Rules.seriesOf(List.of(metric)).contains(series))
        .allMatch(metric -> metric.labels().contains("model"));
  }
}
