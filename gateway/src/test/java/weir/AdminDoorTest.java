package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steering over the wire: revisions, refusals in words, and bodies that nobody should send. */
class AdminDoorTest {
  private static final String MODEL = "/admin/models/diamond-price";
  private static final String MODELS =
      """
      diamond-price:
        routing: {sticky: {by-header: x-user-id}, policy: {fixed: "1"}}
      """;

  @TempDir private Path state;
  private TestGateway gateway;

  @BeforeEach
  void start() throws StartRefusedException {
    gateway = TestGateway.start(TestGateway.REPOSITORY, state, MODELS);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return gateway.admin("POST", MODEL + path, body, headers);
  }

  private String etag() throws Exception {
    return gateway.management(MODEL).headers().firstValue("ETag").orElseThrow();
  }

  private static void assertAnswer(HttpResponse<String> response, int status, String words) {
    assertThat(response.statusCode()).describedAs(response.body()).isEqualTo(status);
    assertThat(response.body()).contains(words);
  }

  @Test
  void split_withTheRevisionSeen_isDoneAndAStaleOneChangesNothing() throws Exception {
    String seen = etag();
    HttpResponse<String> done =
        post(
            "/split",
            "{\"weights\": {\"1\": 90, \"2\": 10}, \"why\": \"a try\"}",
            "If-Match",
            seen);
    assertAnswer(done, 200, "\"revision\":2");
    assertThat(done.headers().firstValue("ETag")).hasValue(etag());

    HttpResponse<String> stale =
        post("/split", "{\"weights\": {\"1\": 50, \"2\": 50}}", "If-Match", seen);

    assertAnswer(stale, 412, "is at revision 2, not 1; look again");
    assertThat(stale.headers().firstValue("ETag")).hasValue("\"2\"");
    assertThat(gateway.management(MODEL).body()).contains("\"split\":{\"1\":90.0,\"2\":10.0}");
  }

  @Test
  void rollout_commandsThatDoNotFit_areConflictsThatSayWhy() throws Exception {
    assertAnswer(post("/rollout/pause", ""), 409, "no rollout is under way");
    assertAnswer(post("/rollout/start", "{\"candidate\": \"1\"}"), 409, "has the largest share");
    assertAnswer(post("/rollout/start", "{\"candidate\": \"9\"}"), 409, "it has 1, 2, 3");
    assertAnswer(post("/rollout/start", "{\"candidate\": \"2\"}"), 200, "starts at 1 %");
    assertAnswer(post("/rollout/start", "{\"candidate\": \"3\"}"), 409, "is under way at 1 %");
    assertAnswer(post("/split", "{\"weights\": {\"1\": 1}}"), 409, "abort it first");
    assertAnswer(post("/rollout/resume", ""), 409, "is not paused");
    assertAnswer(post("/rollout/pause", ""), 200, "paused at 1 %");
    assertAnswer(post("/rollout/advance", ""), 409, "resume it first");
    assertAnswer(post("/rollout/abort", "{\"why\": \"enough\"}"), 200, "rolled back (aborted)");
  }

  @Test
  void change_ofAnotherSitesPage_isRefusedAndNothingHappens() throws Exception {
    String own = "http://127.0.0.1:" + gateway.gateway().managementPort();
    String start = "{\"candidate\": \"2\"}";

    assertAnswer(
        post("/rollout/start", start, "Origin", "http://evil.example"), 403, "another site");
    assertAnswer(post("/rollout/start", start, "Origin", "null"), 403, "another site");
    assertAnswer(
        post("/rollout/start", start, "Sec-Fetch-Site", "cross-site"), 403, "another site");
    assertAnswer(form(own + MODEL + "/rollout/start", start), 415, "application/json");
    assertAnswer(gateway.management(MODEL), 200, "\"revision\":1");
    assertAnswer(
        post("/rollout/start", start, "Sec-Fetch-Site", "same-origin", "Origin", own),
        200,
        "starts");
    assertAnswer(post("/rollout/abort", "", "Origin", own), 200, "rolled back");
  }

  /** What a form of any page can send. */
  private static HttpResponse<String> form(String address, String body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(address))
              .header("content-type", "text/plain")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void audit_afterChanges_saysWhoDidWhatAndWhy() throws Exception {
    post(
        "/split",
        "{\"weights\": {\"1\": 90, \"2\": 10}, \"why\": \"a try\"}",
        "weir-actor",
        "ada@example.org");

    assertThat(gateway.management("/admin/audit?model=diamond-price&max=1").body())
        .contains("\"event\":\"split-set\"")
        .contains("\"actor\":\"ada@example.org\"")
        .contains("\"why\":\"a try\"");
    assertAnswer(gateway.management("/admin/audit?max=0"), 400, "from 1 to 1000");
    assertAnswer(gateway.management("/admin/audit?max=x"), 400, "from 1 to 1000");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /admin/models/nobody, 404",
    "GET, /admin/models/nobody/experiment, 404",
    "POST, /admin/models/nobody/rollout/abort, 404",
    "GET, /admin/nothing, 404",
    "POST, /admin/models, 405",
    "DELETE, /admin/models/diamond-price, 405",
    "GET, /admin/models/diamond-price/split, 405",
    "PUT, /admin/models/diamond-price/rollout/start, 405",
    "GET, /admin/models/diamond-price/rollout/abort, 405",
    "POST, /admin/audit, 405",
  })
  void request_unknownModelOrWrongMethod_isTold(String method, String path, int status)
      throws Exception {
    assertAnswer(gateway.admin(method, path, ""), status, "\"error\":\"");
  }

  @ParameterizedTest
  @CsvSource({
    "weir-actor, a b",
    "weir-actor, <script>",
    "If-Match, abc",
    "If-Match, \"99999999999999999999\"",
    "If-Match, W/\"1\"",
  })
  void request_headerThatSaysNothing_isRefused(String header, String value) throws Exception {
    assertAnswer(post("/rollout/pause", "", header, value), 400, header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "7",
        "{",
        "\u0000",
        "{\"weights\": {}}",
        "{\"weights\": []}",
        "{\"weights\": {\"1\": \"all\"}}",
        "{\"weights\": {\"1\": -1}}",
        "{\"weights\": {\"1\": 1e999}}",
        "{\"weights\": {\"1\": NaN}}",
        "{\"weights\": {\"1\": 0}}",
        "{\"weights\": {\"1\": 1, \"1\": 2}}",
        "{\"weights\": {\"\": 1}}",
        "{\"weights\": {\"1\": 1}, \"why\": 7}",
        "{\"weights\": {\"1\": 1}, \"when\": \"now\"}",
      })
  void split_hostileBody_isTheCallersError(String body) throws Exception {
    assertAnswer(post("/split", body), 400, "\"error\":\"");
    assertThat(etag()).isEqualTo("\"1\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"candidate\": 2}",
        "{\"candidate\": \" \"}",
        "{\"candidate\": \"2\", \"steps\": \"5\"}",
        "{\"candidate\": \"2\", \"steps\": {\"a\": 5, \"b\": 100}}",
        "{\"candidate\": \"2\", \"steps\": []}",
        "{\"candidate\": \"2\", \"steps\": [100, 5]}",
        "{\"candidate\": \"2\", \"steps\": [5, 1e999]}",
        "{\"candidate\": \"2\", \"step_min\": 30}",
        "{\"candidate\": \"2\", \"step_min\": \"-5s\"}",
        "{\"candidate\": \"2\", \"step_max\": \"P99999999999999999999D\"}",
        "{\"candidate\": \"2\", \"manual\": [7]}",
        "{\"candidate\": \"2\", \"dry_run\": \"perhaps\"}",
        "{\"candidate\": \"2\", \"dry-run\": true}",
      })
  void start_hostileBody_isTheCallersError(String body) throws Exception {
    assertAnswer(post("/rollout/start", body), 400, "\"error\":\"");
    assertThat(etag()).isEqualTo("\"1\"");
  }

  @Test
  void command_longOrDeepBody_isTheCallersError() throws Exception {
    String deep = "{\"weights\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";

    assertAnswer(post("/split", deep), 400, "not JSON");
    assertAnswer(
        post("/rollout/abort", "{\"why\": \"" + "x".repeat(1_001) + "\"}"), 400, "at most 1000");
    assertAnswer(post("/split", "x".repeat(2 << 20)), 413, "");
  }
}
