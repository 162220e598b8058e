package weir.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.dashboards.Dashboard.Panel;
import weir.observation.Metric;
import weir.observation.RolloutMeters;

/** What the dashboards say of rollouts, against what the gateway can say. */
class RolloutShapeTest {
  private static final List<String> VERDICTS = List.of("invalid", "undecided", "passes", "harmful");
  private static final int INVALID = -1;

  static List<JsonNode> annotations() {
    return Dashboard.all().stream().flatMap(dashboard -> dashboard.annotations().stream()).toList();
  }

  static Stream<Dashboard> annotated() {
    return Dashboard.all().stream().filter(dashboard -> !dashboard.annotations().isEmpty());
  }

  static List<Panel> panelsOf(Metric metric) {
    return Dashboard.all().stream()
        .flatMap(dashboard -> dashboard.panels().stream())
        .filter(panel ->
            panel.queries().stream()
                .anyMatch(query -> query.expression().contains(metric.exposedName())))
        .toList();
  }

  static List<Panel> phases() {
    return panelsOf(Metric.ROLLOUT_PHASE);
  }

  static List<Panel> verdicts() {
    return panelsOf(Metric.ROLLOUT_CHECK_VERDICT);
  }

  @ParameterizedTest
  @MethodSource("annotations")
  void annotation_read_marksTheTimeThatTheValueTells(JsonNode annotation) {
    assertThat(annotation.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
    assertThat(annotation.path("enable").asBoolean()).isTrue();
    assertThat(annotation.path("useValueForTime").asText()).isEqualTo("on");
    assertThat(annotation.path("expr").asText())
        .as("Grafana reads milliseconds")
        .endsWith(" * 1000");
    assertThat(annotation.path("name").asText()).isNotBlank();
    assertThat(annotation.path("titleFormat").asText()).isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("annotated")
  void annotations_ofADashboard_areOneForEachEvent(Dashboard dashboard) {
    assertThat(dashboard.annotations())
        .extracting(annotation -> annotation.path("expr").asText())
        .filteredOn(expression -> !expression.contains(Metric.ROLLOUT_STEP.exposedName() + "{"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(RolloutMeters.Event.values())
                .map(event ->
                    "max by (model, variant) (%s{model=~\"$model\", variant=~\"$variant\", event=\"%s\"}) * 1000"
                        .formatted(Metric.ROLLOUT_LAST_CHANGE.exposedName(), event.label()))
                .toList());
    assertThat(dashboard.annotations())
        .extracting(annotation -> annotation.path("name").asText())
        .doesNotHaveDuplicates();
  }

  /** The first step is stepped to only from a shadow, and what fails before it failed as one. */
  @ParameterizedTest
  @ValueSource(strings = {"stepped 0", "rolled_back -1"})
  void annotations_ofRollouts_markTheShadowsResult(String result) {
    String event = result.substring(0, result.indexOf(' '));
    String step = result.substring(result.indexOf(' ') + 1);

    assertThat(annotations())
        .extracting(annotation -> annotation.path("expr").asText())
        .contains(
            "max by (model, variant) (%s{model=~\"$model\", variant=~\"$variant\", event=\"%s\"} and ignoring (event) %s{model=~\"$model\", variant=~\"$variant\"} == %s) * 1000"
                .formatted(
                    Metric.ROLLOUT_LAST_CHANGE.exposedName(),
                    event,
                    Metric.ROLLOUT_STEP.exposedName(),
                    step));
  }

  @Test
  void annotations_ofTheDashboardsOfRollouts_exist() {
    assertThat(annotated()).extracting(Dashboard::uid).contains("weir-rollout", "weir-compare");
  }

  @ParameterizedTest
  @MethodSource("phases")
  void phase_shown_hasANumberAndAWordForEach(Panel panel) {
    JsonNode words = mappings(panel.json().path("fieldConfig").path("defaults"));
    List<String> expected = new ArrayList<>();
    for (RolloutMeters.Phase phase : RolloutMeters.Phase.values()) {
      expected.add(phase.label().replace('_', ' '));
      assertThat(panel.queries().getFirst().expression())
          .contains(
              "%d * (weir_rollout_phase{model=~\"$model\", variant=~\"$variant\", phase=\"%s\"} == 1)"
                  .formatted(expected.size(), phase.label()));
      assertThat(words.path(Integer.toString(expected.size())).path("text").asText())
          .endsWith(expected.getLast());
    }
    assertThat(words).hasSize(expected.size());
  }

  @ParameterizedTest
  @MethodSource("verdicts")
  void verdict_shown_hasAWordForEach(Panel panel) {
    List<JsonNode> all =
        panel.json().findValues("options").stream()
            .filter(options -> options.has(Integer.toString(INVALID)))
            .toList();

    assertThat(all).hasSize(1);
    JsonNode words = all.getFirst();
    assertThat(words).hasSize(VERDICTS.size());
    for (int i = 0; i < VERDICTS.size(); i++) {
      assertThat(words.path(Integer.toString(INVALID + i)).path("text").asText())
          .isEqualTo(VERDICTS.get(i));
    }
  }

  private static JsonNode mappings(JsonNode defaults) {
    return defaults.path("mappings").path(0).path("options");
  }
}
