package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Odd inputs of a running gateway: each is answered or refused, and counted in its own signal. */
class OddInputsTest {
  private static final Path BASELINE =
      Path.of("../models/baselines/diamond-price.json").toAbsolutePath().normalize();
  private static final String LINEAR = "1";
  private static final String TREES = "2";
  private static final int LOOKS_MAX = 2_000;

  @TempDir private Path state;

  private TestGateway start(String version) throws StartRefusedException {
    return TestGateway.start(
        TestGateway.REPOSITORY,
        state,
        """
        diamond-price:
          routing: {policy: {fixed: "%s"}}
          drift: {baseline: {file: %s}, window: 5s}
        """
            .formatted(version, BASELINE));
  }

  @Test
  void infer_nanUnseenAndOutOfRange_areAnsweredAndCountedEach() throws Exception {
    try (TestGateway gateway = start(TREES)) {
      assertThat(nan(gateway)).isEqualTo(200);
      assertThat(infer(gateway, "\"Ideal\"", "\"Shiny\"")).isEqualTo(200);
      assertThat(infer(gateway, "[0.5]", "[50.5]")).isEqualTo(200);

      Set<String> counted = new HashSet<>();
      for (int look = 0; look < LOOKS_MAX && counted.size() < 3; look++) {
        counted.addAll(oddRows(gateway));
      }
      assertThat(counted)
          .containsExactlyInAnyOrder("carat missing", "carat out_of_range", "cut unseen");
    }
  }

  @Test
  void infer_missingOrIllTypedInput_isRefusedAndCountedByItsName() throws Exception {
    try (TestGateway gateway = start(LINEAR)) {
      assertThat(nan(gateway)).isEqualTo(400); // a sum with it is no number
      assertThat(infer(gateway, "\"carat\"", "\"karat\"")).isEqualTo(400);
      assertThat(
              infer(
                  gateway,
                  "\"carat\",\"shape\":[1,1],\"datatype\":\"FP32\"",
                  "\"carat\",\"shape\":[1,1],\"datatype\":\"FP64\""))
          .isEqualTo(400);

      assertThat(lines(gateway, "weir_invalid_inputs_total"))
          .filteredOn(line -> !line.endsWith(" 0.0"))
          .containsExactlyInAnyOrder(
              "weir_invalid_inputs_total{feature=\"carat\",model=\"diamond-price\",reason=\"missing\"} 1.0",
              "weir_invalid_inputs_total{feature=\"carat\",model=\"diamond-price\",reason=\"datatype\"} 1.0",
              "weir_invalid_inputs_total{feature=\"carat\",model=\"diamond-price\",reason=\"not_finite\"} 1.0")
          .noneMatch(line -> line.contains("karat"));
    }
  }

  private static int infer(TestGateway gateway, String from, String to) throws Exception {
    assertThat(TestGateway.STONE).contains(from);
    return gateway.post(TestGateway.INFER, TestGateway.STONE.replace(from, to)).statusCode();
  }

  /** JSON has no NaN; the bytes of a tensor do. */
  private static int nan(TestGateway gateway) throws Exception {
    String json =
        TestGateway.STONE.replace(
            "\"datatype\":\"FP32\",\"data\":[0.5]",
            "\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":4}");
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(head);
    body.write(
        ByteBuffer.allocate(Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(Float.NaN)
            .array());
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:" + gateway.gateway().port() + TestGateway.INFER))
                  .header("Inference-Header-Content-Length", Integer.toString(head.length))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }
  }

  private static List<String> oddRows(TestGateway gateway) throws Exception {
    return lines(gateway, "weir_drift_window_odd").stream()
        .filter(line -> line.contains("variant=\"2\"") && !line.endsWith(" 0.0"))
        .map(line ->
            line.replaceAll(".*feature=\"(\\w+)\".*", "$1")
                + " "
                + line.replaceAll(".*(missing|out_of_range|unseen).*", "$1"))
        .toList();
  }

  private static List<String> lines(TestGateway gateway, String metric) throws Exception {
    return gateway
        .management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(metric + "{"))
        .toList();
  }
}
