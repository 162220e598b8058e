package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services that stand for those of users answer what the gateway's own version 1 does. */
class PythonServiceTest {
  private static final String STONE =
      """
      {"carat":0.5,"depth":61.5,"table":55,"x":5.1,"y":5.1,"z":3.2,
       "cut":"Ideal","color":"E","clarity":"SI1"}\
      """;
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void fastapi_stone_answersThePriceOfVersion1(@TempDir Path state) throws Exception {
    double price = priceHere(state);
    try (PythonService service = PythonService.start(PythonService.FASTAPI)) {
      JsonNode answer =
          JSON.readTree(post(service, "/predict", "{\"instances\":[" + STONE + "]}").body());

      assertThat(answer.at("/predictions/0/price").asDouble())
          .isCloseTo(price, within(price / 1_000));
    }
  }

  @Test
  void flask_oneStoneAndTwo_answersThePriceOfVersion1ForEach(@TempDir Path state) throws Exception {
    double price = priceHere(state);
    try (PythonService service = PythonService.start(PythonService.FLASK)) {
      JsonNode one = JSON.readTree(post(service, "/price", STONE).body()).at("/price");
      JsonNode two =
          JSON.readTree(post(service, "/price", "[" + STONE + "," + STONE + "]").body())
              .at("/price");

      assertThat(one).hasSize(1);
      assertThat(one.get(0).asDouble()).isCloseTo(price, within(price / 1_000));
      assertThat(two).hasSize(2);
      assertThat(two.get(1).asDouble()).isCloseTo(price, within(price / 1_000));
    }
  }

  @Test
  void services_stoneWithoutCarat_refuse() throws Exception {
    try (PythonService fastapi = PythonService.start(PythonService.FASTAPI);
        PythonService flask = PythonService.start(PythonService.FLASK)) {
      assertThat(post(fastapi, "/predict", "{\"instances\":[{}]}").statusCode()).isEqualTo(422);
      assertThat(post(flask, "/price", "{}").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void start_onPortInUse_failsWithTheServicesOwnWords() throws Exception {
    try (PythonService first = PythonService.start(PythonService.FLASK)) {
      assertThatThrownBy(() -> PythonService.start(PythonService.FASTAPI, first.port()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("fastapi_diamonds.py does not come up")
          .hasMessageContaining("Address already in use");
    }
  }

  /** What the gateway's own version 1 says the stone is worth. */
  private static double priceHere(Path state) throws Exception {
    String models =
        """
        diamond-price:
          routing: {policy: {fixed: "1"}}
        """;
    try (TestGateway gateway = TestGateway.start(TestGateway.REPOSITORY, state, models)) {
      HttpResponse<String> answer = gateway.post(TestGateway.INFER, TestGateway.STONE);
      assertThat(answer.headers().firstValue("weir-variant")).contains("1");
      return JSON.readTree(answer.body()).at("/outputs/0/data/0").asDouble();
    }
  }

  private static HttpResponse<String> post(PythonService service, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(service.uri(path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    // The JDK's client offers HTTP/2 by default, which uvicorn's parser refuses.
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }
}
