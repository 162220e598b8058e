package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Feedback over the wire: what is taken, what is not, and that nothing of a refusal is applied. */
class FeedbackDoorTest {
  private static final String PATH = "/v2/models/diamond-price/feedback";
  private static final String MODELS =
      """
      diamond-price:
        routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 50, "2": 50}}}
        experiment: {label-window: 2h}
      """;

  @TempDir private Path state;
  @TempDir private Path elsewhere;
  private final HandClock clock = new HandClock(Instant.parse("2027-03-01T12:00:00Z"));
  private TestGateway gateway;

  @BeforeEach
  void start() throws StartRefusedException {
    gateway = TestGateway.start(TestGateway.REPOSITORY, state, MODELS, clock);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static String prediction(TestGateway gateway) throws Exception {
    return gateway
        .post(TestGateway.INFER, TestGateway.STONE, "x-user-id", "ada")
        .headers()
        .firstValue("weir-prediction-id")
        .orElseThrow();
  }

  private static String actual(String id, double value) {
    return "{\"id\": \"%s\", \"actual\": %s}".formatted(id, value);
  }

  private HttpResponse<String> send(String body) throws Exception {
    return gateway.post(PATH, body);
  }

  /** What the journal's file holds, in the order of arrival: kind, version and value. */
  private List<String> rows() throws Exception {
    List<String> rows = new ArrayList<>();
    try (Connection file =
            DriverManager.getConnection("jdbc:sqlite:" + state.resolve("journal.db"));
        Statement statement = file.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT kind, version, coalesce(outcome, outcome_label) FROM feedback ORDER BY rowid")) {
      while (result.next()) {
        rows.add(
            "%s %s %s".formatted(result.getString(1), result.getString(2), result.getString(3)));
      }
    }
    return rows;
  }

  private void assertRefused(HttpResponse<String> response, int status, String words)
      throws Exception {
    assertThat(response.statusCode()).describedAs(response.body()).isEqualTo(status);
    assertThat(response.body()).startsWith("{\"error\":\"").contains(words);
    assertThat(rows()).isEmpty();
  }

  private String counted(String result) throws Exception {
    return gateway
        .management("/metrics")
        .body()
        .lines()
        .filter(line ->
            line.startsWith("weir_feedback_total{") && line.contains("result=\"" + result + "\""))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("none");
  }

  @Test
  void feedback_onAPrediction_isOneRow() throws Exception {
    HttpResponse<String> response = send(actual(prediction(gateway), 3326.5));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"result\":\"accepted\"}");
    assertThat(rows()).singleElement().asString().matches("actual [12] 3326.5");
    assertThat(counted("accepted")).isEqualTo("1.0");
  }

  @Test
  void feedback_again_isToldAndTheFirstCounts() throws Exception {
    String id = prediction(gateway);
    send(actual(id, 1));

    HttpResponse<String> again = send(actual(id, 2));

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo("{\"result\":\"duplicate\"}");
    assertThat(rows()).singleElement().asString().endsWith(" 1.0");
    assertThat(counted("duplicate")).isEqualTo("1.0");
  }

  @Test
  void feedback_anHourLater_isTaken() throws Exception {
    String id = prediction(gateway);
    clock.passes(Duration.ofHours(1));

    assertThat(send(actual(id, 1)).body()).isEqualTo("{\"result\":\"accepted\"}");
  }

  @Test
  void feedback_afterTheLabelWindow_isGone() throws Exception {
    String id = prediction(gateway);
    clock.passes(Duration.ofHours(2).plusSeconds(1));

    assertRefused(send(actual(id, 1)), 410, "older than the label window of 2h");
    assertThat(counted("expired")).isEqualTo("1.0");
  }

  @Test
  void feedback_afterARestart_isTakenOnce() throws Exception {
    String before = prediction(gateway);
    String told = prediction(gateway);
    send(actual(told, 1));
    gateway.close();
    gateway = TestGateway.start(TestGateway.REPOSITORY, state, MODELS, clock);

    assertThat(send(actual(before, 2)).body()).isEqualTo("{\"result\":\"accepted\"}");
    assertThat(send(actual(told, 3)).body()).isEqualTo("{\"result\":\"duplicate\"}");
    assertThat(rows()).hasSize(2);
  }

  @Test
  void feedback_changedId_isForged() throws Exception {
    String id = prediction(gateway);
    char other = id.charAt(20) == 'A' ? 'B' : 'A';

    assertRefused(send(actual(id.substring(0, 20) + other + id.substring(21), 1)), 403, "changed");
    assertThat(counted("forged")).isEqualTo("1.0");
  }

  @Test
  void feedback_ofAnotherGatewaysPrediction_hasAnUnknownKey() throws Exception {
    try (TestGateway other = TestGateway.start(TestGateway.REPOSITORY, elsewhere, MODELS, clock)) {
      assertRefused(send(actual(prediction(other), 1)), 400, "not in use here");
    }
    assertThat(counted("unknown_key")).isEqualTo("1.0");
  }

  @Test
  void feedback_onAnotherModelsPath_isForeign() throws Exception {
    String id = prediction(gateway);

    HttpResponse<String> response = gateway.post("/v2/models/plain-30/feedback", actual(id, 1));

    assertRefused(response, 400, "id is of a prediction of model diamond-price");
    assertThat(counted("foreign")).isEqualTo("1.0");
  }

  @Test
  void feedback_onAnUnknownModel_isNotFound() throws Exception {
    assertRefused(
        gateway.post("/v2/models/nobody/feedback", actual(prediction(gateway), 1)), 404, "nobody");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "7",
        "\"text\"",
        "{",
        "\u0000",
        "{\"id\": \"ID\"}",
        "{\"id\": 7, \"actual\": 1}",
        "{\"id\": \"\", \"actual\": 1}",
        "{\"id\": \"ID\", \"actual\": NaN}",
        "{\"id\": \"ID\", \"actual\": 1e999}",
        "{\"id\": \"ID\", \"actual\": null}",
        "{\"id\": \"ID\", \"actual\": [1]}",
        "{\"id\": \"ID\", \"reward\": \"good\"}",
        "{\"id\": \"ID\", \"label\": 1.5}",
        "{\"id\": \"ID\", \"actual\": 1, \"actual\": 2}",
        "{\"id\": \"ID\", \"actual\": 1, \"weight\": 2}",
        "{\"id\": \"ID\", \"actual\": 1} {\"id\": \"ID\", \"reward\": 1}",
      })
  void feedback_malformed_isRefusedInWords(String body) throws Exception {
    assertRefused(send(body.replace("ID", prediction(gateway))), 400, "");
    assertThat(counted("malformed")).isEqualTo("1.0");
  }

  @Test
  void feedback_nestedDeeplyOrLong_isRefused() throws Exception {
    String id = prediction(gateway);
    String deep = "[".repeat(100_000) + "]".repeat(100_000);

    assertRefused(send("{\"id\": \"%s\", \"actual\": %s}".formatted(id, deep)), 400, "");
    assertRefused(
        send("{\"id\": \"%s\", \"label\": %s}".formatted(id, "1".repeat(900))), 400, "label");
    assertRefused(
        send("{\"id\": \"%s\", \"label\": \"%s\"}".formatted(id, "x".repeat(257))), 400, "label");
    assertRefused(send("{}\n".repeat(10_001)), 413, "10001 lines");
  }

  @Test
  void feedback_batchOfMixedLines_takesTheGoodAndNamesTheOthers() throws Exception {
    String one = prediction(gateway);
    String two = prediction(gateway);

    HttpResponse<String> response =
        send(
            String.join(
                "\n",
                actual(one, 1),
                "{\"id\": \"nonsense\", \"actual\": 1}",
                actual(one, 2),
                "",
                "{\"id\": \"%s\", \"reward\": true, \"label\": \"ideal\"}".formatted(two),
                "not json"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .startsWith("{\"accepted\":2,\"duplicate\":1,\"malformed\":2,\"errors\":[{\"line\":2,")
        .contains("{\"line\":6,");
    assertThat(rows())
        .hasSize(3)
        .filteredOn(row -> row.startsWith("actual") && row.endsWith(" 1.0"))
        .hasSize(1);
    assertThat(counted("accepted")).isEqualTo("2.0");
    assertThat(counted("malformed")).isEqualTo("2.0");
  }

  @Test
  void feedback_whileTheJournalIsLocked_isAskedForAgainAndThenTaken() throws Exception {
    String id = prediction(gateway);
    try (Connection holder =
            DriverManager.getConnection("jdbc:sqlite:" + state.resolve("journal.db"));
        Statement statement = holder.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");

      assertRefused(send(actual(id, 1)), 503, "send it again");
    }
    assertThat(send(actual(id, 1)).body()).isEqualTo("{\"result\":\"accepted\"}");
  }
}
