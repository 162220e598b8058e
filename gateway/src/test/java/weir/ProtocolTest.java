package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Open Inference Protocol as strict clients expect it, from a running gateway. */
class ProtocolTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODELS =
      """
      diamond-price:
        routing:
          sticky: {by-header: x-user-id}
          match: [{header: x-team, in: [pricing, research], version: "3"}]
          policy: {split: {"1": 90, "2": 10}}
        cache: {max-size: 1MiB, ttl: 60s}
      """;

  @TempDir private static Path state;
  private static TestGateway gateway;

  @BeforeAll
  static void start() throws StartRefusedException {
    gateway = TestGateway.start(TestGateway.REPOSITORY, state, MODELS);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return JSON.readTree(response.body());
  }

  private static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void infer_json_answersExactlyTheProtocolsFields() throws Exception {
    HttpResponse<String> response =
        gateway.post(TestGateway.INFER, TestGateway.STONE, "x-user-id", "ann");

    JsonNode answer = json(response);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(fields(answer))
        .containsExactlyInAnyOrder("model_name", "model_version", "id", "outputs");
    assertThat(fields(answer.get("outputs").get(0)))
        .containsExactlyInAnyOrder("name", "shape", "datatype", "data");
    assertThat(answer.get("id").asText()).isEqualTo("42");
    assertThat(answer.get("model_version").asText())
        .isEqualTo(response.headers().firstValue("weir-variant").orElseThrow());
    assertThat(response.headers().firstValue("weir-prediction-id").orElseThrow())
        .hasSizeGreaterThan(40);
    assertThat(response.headers().firstValue("traceparent").orElseThrow())
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
  }

  @Test
  void infer_nestedDataAndBatch_answersOneValueARow() throws Exception {
    String batch =
        TestGateway.STONE
            .replaceAll("\\[1,1\\]", "[2,1]")
            .replaceAll("\"data\":\\[([^\\]]*)\\]", "\"data\":[[$1],[$1]]");

    JsonNode output = json(gateway.post(TestGateway.INFER, batch)).get("outputs").get(0);

    assertThat(output.get("shape").toString()).isEqualTo("[2,1]");
    assertThat(output.get("data").get(0)).isEqualTo(output.get("data").get(1));
  }

  @Test
  void infer_chunkedWithoutContentType_isServed() throws Exception {
    String chunk = Integer.toHexString(TestGateway.STONE.length());
    String answer =
        gateway.raw(
            ("POST "
                    + TestGateway.INFER
                    + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk
                    + "\r\n"
                    + TestGateway.STONE
                    + "\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));

    assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"name\":\"price\"");
  }

  @Test
  void infer_binaryInAndOut_carriesRawTensors() throws Exception {
    float[] features = new float[30];
    String header =
        "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,30],\"datatype\":\"FP32\","
            + "\"parameters\":{\"binary_data_size\":120}}],"
            + "\"parameters\":{\"binary_data_output\":true}}";
    ByteBuffer raw = ByteBuffer.allocate(120).order(ByteOrder.LITTLE_ENDIAN);
    for (float feature : features) {
      raw.putFloat(feature);
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        ("POST /v2/models/plain-30/infer HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                + (header.length() + 120)
                + "\r\nInference-Header-Content-Length: "
                + header.length()
                + "\r\n\r\n"
                + header)
            .getBytes(StandardCharsets.UTF_8));
    request.writeBytes(raw.array());

    String answer = gateway.raw(request.toByteArray());

    assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("application/octet-stream");
    byte[] value = answer.substring(answer.length() - 4).getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getFloat()).isEqualTo(0.5f);
    assertThat(answer).contains("\"binary_data_size\":4");
  }

  @Test
  void infer_pinnedVersion_leavesTheSplit() throws Exception {
    HttpResponse<String> response =
        gateway.post("/v2/models/diamond-price/versions/3/infer", TestGateway.STONE);

    assertThat(response.headers().firstValue("weir-variant")).contains("3");
  }

  @Test
  void infer_matchRule_comesBeforeTheSplit() throws Exception {
    HttpResponse<String> response =
        gateway.post(TestGateway.INFER, TestGateway.STONE, "x-team", "research");

    assertThat(response.headers().firstValue("weir-variant")).contains("3");
  }

  @Test
  void infer_sameUnit_staysOnItsVariant() throws Exception {
    String first = gateway.variantOf("bob");
    for (int i = 0; i < 20; i++) {
      assertThat(gateway.variantOf("bob")).isEqualTo(first);
    }
  }

  @Test
  void infer_misspelling_namesFieldAndNearest() throws Exception {
    HttpResponse<String> response =
        gateway.post(TestGateway.INFER, TestGateway.STONE.replace("\"clarity\"", "\"clarty\""));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("inputs[8] 'clarty'").contains("clarity");
  }

  @Test
  void infer_wrongShape_saysWhatFits() throws Exception {
    HttpResponse<String> response =
        gateway.post(
            TestGateway.INFER,
            TestGateway.STONE.replaceFirst("\\[1,1\\]", "[1,2]").replaceFirst("0\\.5", "0.5,1"));

    assertThat(json(response).get("error").asText())
        .isEqualTo("inputs[0] 'carat': shape [1,2] does not fit [-1,1]");
  }

  @Test
  void infer_repeated_isCountedAsACacheHitNotAsModelLatency() throws Exception {
    String stone = TestGateway.STONE.replace("0.5", "0.77");
    gateway.post(TestGateway.INFER, stone, "x-user-id", "carol");
    gateway.post(TestGateway.INFER, stone, "x-user-id", "carol");

    String metrics = gateway.management("/metrics").body();
    assertThat(metrics.lines().filter(line -> line.startsWith("weir_requests_total")))
        .anyMatch(line -> line.contains("source=\"cache\"") && !line.endsWith(" 0.0"));
    assertThat(sum(metrics, "weir_model_duration_seconds_count"))
        .isEqualTo(sum(metrics, "weir_requests_total", "source=\"model\"", "outcome=\"ok\""));
  }

  private static double sum(String metrics, String name, String... labels) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void metadata_modelAndVersion_sayWhatItTakes() throws Exception {
    JsonNode model = json(gateway.get("/v2/models/diamond-price"));

    assertThat(fields(model))
        .containsExactlyInAnyOrder("name", "versions", "platform", "inputs", "outputs");
    assertThat(model.get("versions").toString()).isEqualTo("[\"1\",\"2\",\"3\"]");
    assertThat(model.get("inputs")).hasSize(9);
    assertThat(json(gateway.get("/v2/models/diamond-price/versions/2")).get("versions").toString())
        .isEqualTo("[\"2\"]");
  }

  @Test
  void questions_aboutHealthAndModels_areAnswered() throws Exception {
    for (String path :
        List.of(
            "/v2",
            "/v2/health/live",
            "/v2/health/ready",
            "/v2/models/diamond-price/ready",
            "/v2/models/diamond-price/versions/1/ready",
            "/v2/models/diamond-price/stats",
            "/v2/models/diamond-price/versions/1/stats",
            "/openapi.yaml",
            "/docs",
            "/docs/swagger-ui.css",
            "/docs/swagger-ui-bundle.js")) {
      assertThat(gateway.get(path).statusCode()).describedAs(path).isEqualTo(200);
    }
    assertThat(gateway.post("/v2/repository/index", "").statusCode()).isEqualTo(200);
  }

  @Test
  void start_portTaken_saysWhichAndWhatToDo() throws Exception {
    int taken = gateway.gateway().port();
    WeirSettings settings = TestGateway.settings(TestGateway.REPOSITORY, state, MODELS);

    assertThatThrownBy(
            () -> Gateway.start(settings.with(settings.http().withPorts(taken, 0))).close())
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("port " + taken + " on 127.0.0.1 is taken")
        .hasMessageContaining("http.port");
  }

  @Test
  void statistics_afterRequests_countThem() throws Exception {
    gateway.post("/v2/models/plain-30/infer", "{}");
    JsonNode before = json(gateway.get("/v2/models/diamond-price/versions/3/stats"));
    gateway.post(
        "/v2/models/diamond-price/versions/3/infer", TestGateway.STONE.replace("0.5", "0.6"));
    JsonNode after = json(gateway.get("/v2/models/diamond-price/versions/3/stats"));

    assertThat(successes(after)).isEqualTo(successes(before) + 1);
  }

  private static long successes(JsonNode statistics) {
    return statistics
        .get("model_stats")
        .get(0)
        .get("inference_stats")
        .get("success")
        .get("count")
        .asLong();
  }

  @Test
  void trace_fromTheCaller_isCarriedOn() throws Exception {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    HttpResponse<String> response =
        gateway.post(
            TestGateway.INFER,
            TestGateway.STONE,
            "traceparent",
            "00-" + trace + "-b7ad6b7169203331-01");

    assertThat(response.headers().firstValue("traceparent").orElseThrow())
        .startsWith("00-" + trace + "-");
  }
}
