package weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.inference.Reason;

class OpenApiTest {
  private static final List<String> INFER =
      List.of("POST /v2/models/{model}/infer", "POST /v2/models/{model}/versions/{version}/infer");
  private static final Pattern ADDRESS = Pattern.compile("(?:src|href|url)[=:]\\s*\"([^\"]+)\"");

  private OpenApiDocument document;

  @BeforeEach
  void read() throws IOException {
    document = OpenApiDocument.read("openapi.yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'inputs': {}}",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'FP32'}]}",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'FP32', 'data': ['1']}]}",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'BYTES', 'data': [1]}]}",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'BOOL', 'data': [1]}]}",
        "{'inputs': [{'name': 'a', 'shape': [-1], 'datatype': 'FP32', 'data': [1]}]}",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'FLOAT', 'data': [1]}]}",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'FP32', 'data': [1],"
            + " 'parameters': {'binary_data_size': 4}}]}",
        "{'inputs': [], 'parameters': {'a': {}}}"
      })
  void inferRequest_thatTheDecoderRefuses_doesNotFitItsSchema(String request) throws IOException {
    assertThat(document.schema("InferRequest").validate(json(request))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'inputs': []}",
        "{'id': null, 'outputs': null, 'parameters': null, 'inputs': [], 'unknown': {}}",
        "{'inputs': [{'name': 'a', 'shape': [1, 2], 'datatype': 'INT8', 'data': [[1, 2]]}]}",
        "{'inputs': [{'name': 'a', 'shape': [2], 'datatype': 'FP32',"
            + " 'parameters': {'binary_data_size': 8}}]}"
      })
  void inferRequest_thatTheDecoderReads_fitsItsSchema(String request) throws IOException {
    assertThat(document.schema("InferRequest").validate(json(request))).isEmpty();
  }

  private static JsonNode json(String singleQuoted) throws IOException {
    return new ObjectMapper().readTree(singleQuoted.replace('\'', '"'));
  }

  @Test
  void answer_ofAPrediction_namesItsHeaders() {
    for (String operation : INFER) {
      assertThat(document.headers(operation, "200"))
          .containsExactlyInAnyOrder(
              "weir-variant",
              "weir-fallback-from",
              "weir-prediction-id",
              "traceparent",
              "Inference-Header-Content-Length");
    }
  }

  @ParameterizedTest
  @EnumSource
  void status_ofEveryReason_isAmongThePredictionsResponses(Reason reason) {
    String status = Integer.toString(Answers.status(reason).code());

    for (String operation : INFER) {
      assertThat(document.response(operation, status).isMissingNode()).as(status).isFalse();
    }
  }

  @Test
  void page_read_namesOnlyAddressesOfThisGateway() throws IOException {
    String page = OpenApiDocument.resource("docs.html");

    assertThat(ADDRESS.matcher(page).results().map(match -> match.group(1)))
        .containsExactlyInAnyOrder(
            "/docs/favicon-32x32.png",
            "/docs/swagger-ui.css",
            "/docs/swagger-ui-bundle.js",
            "/openapi.yaml",
            "/openapi.yaml");
    assertThat(page).doesNotContain("://").contains("validatorUrl: null");
  }
}
