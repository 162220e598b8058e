package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services in FastAPI and Flask that know nothing of the gateway, as versions of a model. */
class PlainServicesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String STONE_IN_OUT =
      """
      inputs: [{name: carat, datatype: FP32, shape: [-1, 1]}, {name: depth, datatype: FP32, shape: [-1, 1]},
               {name: table, datatype: FP32, shape: [-1, 1]}, {name: x, datatype: FP32, shape: [-1, 1]},
               {name: y, datatype: FP32, shape: [-1, 1]}, {name: z, datatype: FP32, shape: [-1, 1]},
               {name: cut, datatype: BYTES, shape: [-1, 1]}, {name: color, datatype: BYTES, shape: [-1, 1]},
               {name: clarity, datatype: BYTES, shape: [-1, 1]}]
      outputs: [{name: price, datatype: FP32, shape: [-1, 1]}]
      """
          .strip()
          .replaceAll("\\s*\\n\\s*", ", ")
          .replace(",,", ",");

  @TempDir private Path state;

  private TestGateway gateway(PythonService fastapi, PythonService flask)
      throws StartRefusedException {
    return TestGateway.start(
        TestGateway.REPOSITORY,
        state,
        """
        diamond-price:
          routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 40, fastapi: 30, flask: 30}}}
          serving: {fallback-after: 2s}
          variants:
            fastapi: {protocol: json, endpoints: ["%s"], health: {path: /health},
                      json: {layout: objects, at: /instances, outputs: {price: "/predictions/*/price"}}, %s}
            flask: {protocol: json, endpoints: ["%s"], health: {path: /health},
                    json: {layout: objects, outputs: {price: "/price/*"}}, %s}
        """
            .formatted(fastapi.uri("/predict"), STONE_IN_OUT, flask.uri("/price"), STONE_IN_OUT));
  }

  private static double price(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode outputs = JSON.readTree(answer.body()).path("outputs");
    assertThat(outputs.get(0).path("name").asText()).isEqualTo("price");
    return outputs.get(0).path("data").get(0).asDouble();
  }

  @Test
  void infer_servicesOfTheSameModel_answerTheSamePrice() throws Exception {
    try (PythonService fastapi = PythonService.start(PythonService.FASTAPI);
        PythonService flask = PythonService.start(PythonService.FLASK);
        TestGateway gateway = gateway(fastapi, flask)) {
      double own = price(gateway.post(pinned("1"), TestGateway.STONE));
      for (String version : new String[] {"fastapi", "flask"}) {
        HttpResponse<String> answer = gateway.post(pinned(version), TestGateway.STONE);
        assertThat(price(answer)).isCloseTo(own, within(own / 1000));
        assertThat(answer.headers().firstValue("weir-variant")).hasValue(version);
      }
    }
  }

  @Test
  void infer_serviceDiesAndComesBack_stableAnswersMeanwhile() throws Exception {
    try (PythonService fastapi = PythonService.start(PythonService.FASTAPI)) {
      int port;
      try (PythonService flask = PythonService.start(PythonService.FLASK);
          TestGateway gateway = gateway(fastapi, flask)) {
        port = flask.port();
        String unit = unitOf(gateway, "flask");
        flask.kill();
        HttpResponse<String> answer =
            gateway.post(TestGateway.INFER, TestGateway.STONE, "x-user-id", unit);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("weir-fallback-from")).hasValue("flask");
        assertThat(gateway.variantOf(unitOf(gateway, "fastapi"))).isEqualTo("fastapi");
        try (PythonService _ = PythonService.start(PythonService.FLASK, port)) {
          long end = System.nanoTime() + 30_000_000_000L;
          while (!gateway.variantOf(unit).equals("flask")) {
            assertThat(System.nanoTime()).as("the service was taken in again").isLessThan(end);
            Thread.onSpinWait();
          }
        }
      }
    }
  }

  private static String unitOf(TestGateway gateway, String version) throws Exception {
    for (int i = 0; i < 200; i++) {
      if (gateway.variantOf("user-" + i).equals(version)) {
        return "user-" + i;
      }
    }
    throw new AssertionError("no user is assigned to " + version);
  }

  private static String pinned(String version) {
    return "/v2/models/diamond-price/versions/" + version + "/infer";
  }
}
