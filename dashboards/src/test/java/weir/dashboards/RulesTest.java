package weir.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.drift.DriftSettings;

/** The recording and alerting rules, by promtool and by our own conventions. */
class RulesTest {
  static List<Path> ruleFiles() {
    return Rules.files();
  }

  static List<Path> ruleTests() {
    return Rules.tests();
  }

  static Stream<JsonNode> alerts() {
    return Rules.all().filter(rule -> rule.has("alert"));
  }

  @ParameterizedTest
  @MethodSource("ruleFiles")
  void rules_checkedByPromtool_areWhole(Path file) throws Exception {
    promtool("check", "rules", file.toString());
  }

  @ParameterizedTest
  @MethodSource("ruleTests")
  void rules_testedByPromtool_sayWhatIsExpected(Path file) throws Exception {
    promtool("test", "rules", file.toString());
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void alert_read_saysHowBadWhatAndWhatToDo(JsonNode alert) {
    assertThat(alert.path("for").asText()).isNotBlank();
    assertThat(alert.path("labels").path("severity").asText()).isIn("critical", "warning", "info");
    assertThat(List.of("summary", "description", "runbook"))
        .allSatisfy(
            key -> assertThat(alert.path("annotations").path(key).asText()).as(key).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void alert_read_leadsToADashboardThatExists(JsonNode alert) {
    String link = alert.path("annotations").path("dashboard").asText();

    assertThat(Dashboard.all().stream().map(dashboard -> "/d/" + dashboard.uid()))
        .contains(link.replaceFirst("\\?.*", ""));
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void alert_read_leadsToItsSectionOfTheRunbooks(JsonNode alert) {
    String name = alert.path("alert").asText();

    assertThat(alert.path("annotations").path("runbook_url").asText())
        .isEqualTo("ops/runbooks.md#" + name.toLowerCase(Locale.ROOT));
    assertThat(Rules.runbookSections()).contains(name);
  }

  @Test
  void runbooks_sectionsOfAlerts_areThoseThatExist() {
    assertThat(Rules.runbookSections().stream().filter(title -> title.startsWith("Weir")))
        .containsExactlyInAnyOrderElementsOf(
            alerts().map(alert -> alert.path("alert").asText()).toList());
  }

  @Test
  void alerts_ofAllFiles_areSeenFiringInATest() {
    Set<String> seen =
        Rules.tests().stream()
            .flatMap(file -> Rules.read(file).findValues("labels").stream())
            .map(JsonNode::asText)
            .filter(labels -> labels.contains("alertstate=\"firing\""))
            .map(labels -> labels.replaceFirst(".*alertname=\"(\\w+)\".*", "$1"))
            .collect(Collectors.toSet());

    assertThat(seen)
        .isEqualTo(alerts().map(alert -> alert.path("alert").asText()).collect(Collectors.toSet()));
  }

  @Test
  void rules_read_useOnlyMetricsThatExist() {
    assertThat(Rules.all())
        .allSatisfy(rule ->
            assertThat(PromQl.metrics(rule.path("expr").asText()))
                .as("%s%s", rule.path("record").asText(), rule.path("alert").asText())
                .isSubsetOf(Rules.knownSeries()));
  }

  @Test
  void thresholds_ofTheFleet_areTheGatewaysDefaults() {
    DriftSettings defaults = DriftSettings.defaults();

    assertThat(rule("weir:drift_shape:status")).contains(steps("weir:drift_psi", defaults.psi()));
    assertThat(rule("weir:drift_odd:status"))
        .contains(steps("weir:drift_odd:growth", defaults.share()));
    assertThat(alerts().filter(alert -> alert.path("alert").asText().equals("WeirDrift")))
        .extracting(alert -> Duration.parse("PT" + alert.path("for").asText()))
        .as("two windows have no row in common when they end a window apart")
        .containsExactly(defaults.window());
  }

  private static String rule(String record) {
    return Rules.all()
        .filter(rule -> rule.path("record").asText().equals(record))
        .map(rule -> rule.path("expr").asText())
        .collect(Collectors.joining());
  }

  private static String steps(String score, DriftSettings.Threshold threshold) {
    return "((%1$s >= bool %2$s) + (%1$s >= bool %3$s))"
        .formatted(score, threshold.warn(), threshold.drift());
  }

  static void promtool(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(Stream.of(DebianProgram.PROMTOOL.required().toString()), Stream.of(arguments))
            .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
  }
}
