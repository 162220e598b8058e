package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Datatype;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.observation.TracingSettings;
import weir.remote.JsonMapping.Layout;
import weir.remote.RemoteFailure.Kind;
import weir.remote.RemoteSettings.Protocol;

/** Both endpoints over HTTP, against a server that answers as it is told. */
class EndpointTest {
  private static final Variant VARIANT = new Variant("diamond price", "4");
  private static final String PRICE =
      "{\"name\":\"price\",\"shape\":[2],\"datatype\":\"FP32\",\"data\":[1,2]}";
  private static final String GRADE =
      "{\"name\":\"grade\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"A\"]}";
  private static final Tensor TWO_PRICES = Tensor.ofFloats("price", Shape.of(2), 1, 2);

  private final AnsweringServer server = new AnsweringServer();
  private final Tracing tracing =
      Tracing.create(
          TracingSettings.defaults(),
          "0.1.0",
          GatewayMetrics.create("0.1.0", InstantSource.system()));
  private final long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();

  EndpointTest() throws IOException {}

  @AfterEach
  void close() {
    server.close();
    tracing.close();
  }

  @Test
  void infer_protocol_sendsToTheModelAndReordersOutputs() throws RemoteFailure {
    server.answer =
        "{\"outputs\":["
            + GRADE
            + ","
            + PRICE
            + ","
            + "{\"name\":\"x\",\"shape\":[0],"
            + "\"datatype\":\"BOOL\",\"data\":[]}]}";

    List<Tensor> outputs = oip(false).infer(request("price", "grade"), deadline);

    assertThat(outputs).extracting(Tensor::name).containsExactly("price", "grade");
    assertThat(server.asked).isEqualTo("POST /v2/models/diamond%20price/versions/a%2Fb/infer");
    assertThat(server.contentType).isEqualTo("application/json");
    assertThat(server.body)
        .isEqualTo(
            "{\"inputs\":[{\"name\":\"carat\",\"shape\":[2],\"datatype\":\"FP32\","
                + "\"data\":[0.5,1.0]}],\"outputs\":[{\"name\":\"price\"},{\"name\":\"grade\"}]}");
  }

  @Test
  void infer_binaryAnswer_isReadByItsHeader() throws RemoteFailure {
    String json =
        "{\"outputs\":[{\"name\":\"n\",\"shape\":[2],\"datatype\":\"UINT8\","
            + "\"parameters\":{\"binary_data_size\":2}}]}";
    server.answer = json + "AB";
    server.headers = Map.of("Inference-Header-Content-Length", "" + json.length());

    Tensor output = oip(true).infer(request(), deadline).getFirst();

    assertThat(output.data().get(1)).isEqualTo((byte) 'B');
    assertThat(server.contentType).isEqualTo("application/octet-stream");
    server.headers = Map.of("Inference-Header-Content-Length", "-3");
    failure(() -> oip(true).infer(request(), deadline), Kind.INVALID, "is no length");
  }

  @Test
  void infer_answerWithoutTheAskedOrNoAnswer_isInvalid() {
    server.answer = "{\"outputs\":[" + PRICE + "]}";
    failure(
        () -> oip(false).infer(request("grade"), deadline),
        Kind.INVALID,
        "the server of diamond price/4 gave no valid answer: it lacks the output 'grade'");
    server.answer = "<html>";
    failure(() -> oip(false).infer(request(), deadline), Kind.INVALID, "JSON syntax error");
  }

  @ParameterizedTest
  @CsvSource({
    "302, FAILED, answered 302; redirects are not followed",
    "400, REFUSED, the server of diamond price/4 refuses the request (400): no? such input",
    "422, REFUSED, (422)",
    "413, REFUSED, (413)",
    "429, BUSY, (429)",
    "503, BUSY, (503)",
    "408, TIMEOUT, (408)",
    "504, TIMEOUT, (504)",
    "404, FAILED, (404)",
    "500, FAILED, (500)",
  })
  void infer_otherStatus_isItsKind(int status, Kind kind, String message) {
    server.status = status;
    server.answer = "{\"error\":\"no\\n such input\"}";
    server.headers = Map.of("Retry-After", "3600");

    RemoteFailure failure = failure(() -> oip(false).infer(request(), deadline), kind, message);

    assertThat(failure.retryAfter())
        .isEqualTo(kind == Kind.BUSY ? Duration.ofSeconds(30) : Duration.ZERO);
    failure(() -> json("/*").infer(request(), deadline), kind, message);
  }

  @Test
  void describeAndProbe_protocol_askTheModel() throws RemoteFailure {
    server.answer = "{\"inputs\":[{\"name\":\"carat\",\"shape\":[-1],\"datatype\":\"FP32\"}]}";

    assertThat(oip(false).describe(deadline).inputs()).hasSize(1);
    assertThat(server.asked).isEqualTo("GET /v2/models/diamond%20price/versions/a%2Fb");
    oip(false).probe(deadline);
    assertThat(server.asked).endsWith("/versions/a%2Fb/ready");
    server.status = 503;
    failure(() -> oip(false).probe(deadline), Kind.BUSY, "(503)");
    failure(() -> json("/*").probe(deadline), Kind.BUSY, "(503)");
  }

  @Test
  void infer_plainService_sendsRowsAndReadsPlaces() throws RemoteFailure {
    server.answer = "{\"predictions\":[{\"price\":1},{\"price\":2}]}";

    assertThat(json("/predictions/*/price").infer(request(), deadline)).containsExactly(TWO_PRICES);
    assertThat(server.asked).isEqualTo("POST /predict");
    assertThat(server.body).isEqualTo("{\"rows\":[{\"ct\":0.5},{\"ct\":1.0}]}");
    failure(
        () -> json("/predictions/*").infer(request(), deadline),
        Kind.INVALID,
        "/predictions/*: expected a number, got an object");
    failure(
        () -> json("/predictions/0/price").infer(request(), deadline),
        Kind.REFUSED,
        "2 rows, but its answer has a place for one");
  }

  @Test
  void infer_valueThatJsonLacks_isRefused() {
    Tensor carat = Tensor.ofFloats("carat", Shape.of(1), Float.NaN);
    InferenceRequest request = request(carat);

    failure(() -> oip(false).infer(request, deadline), Kind.REFUSED, "JSON cannot say");
    failure(() -> json("/*").infer(request, deadline), Kind.REFUSED, "JSON cannot say");
  }

  @Test
  void describeAndProbe_plainService_useTheConfiguration() throws RemoteFailure {
    assertThat(json("/*").describe(deadline).platform()).isEqualTo("json");
    json("/*").probe(deadline);
    assertThat(server.asked).isEqualTo("GET /health");
    json("/*", server.uri("/predict"), "").probe(deadline);
    URI gone = server.uri("/predict");
    server.close();
    failure(() -> json("/*", gone, "").probe(deadline), Kind.UNREACHABLE, "no connection to");
  }

  @Test
  void settings_plainServiceThatDoesNotAgree_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(Map.of(), Map.of(), "/x"))
        .withMessage("json.outputs lacks the place of the output 'price'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(Map.of("price", ""), Map.of("prize", "p"), "/x"))
        .withMessage("json.fields has 'prize', which is no input");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JsonMapping(Layout.ARRAYS, "/*", Map.of(), Map.of()))
        .withMessageContaining("without '*'");
    for (String pointer : List.of("p", "/*/*", "/~", "/~2")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new JsonMapping(Layout.ARRAYS, "", Map.of(), Map.of("y", pointer)))
          .withMessageContaining("JSON Pointer");
    }
  }

  private Endpoint oip(boolean binary) {
    RemoteSettings plain = RemoteSettings.defaults();
    RemoteSettings settings =
        new RemoteSettings(
            Protocol.OIP,
            List.of(server.uri("")),
            Optional.empty(),
            Optional.of("a/b"),
            binary,
            Map.of(),
            Optional.empty(),
            plain.json(),
            List.of(),
            List.of(),
            plain.connections(),
            plain.health(),
            plain.resilience());
    return new OipEndpoint(settings, server.uri(""), VARIANT, tracing, server::exchange, () -> {});
  }

  private Endpoint json(String pointer) {
    return json(pointer, server.uri("/predict"), "/health");
  }

  private Endpoint json(String pointer, URI uri, String health) {
    return new JsonEndpoint(
        settings(Map.of("price", pointer), Map.of("carat", "ct"), health),
        uri,
        VARIANT,
        tracing,
        server::exchange,
        () -> {});
  }

  private static RemoteSettings settings(
      Map<String, String> outputs, Map<String, String> fields, String health) {
    RemoteSettings plain = RemoteSettings.defaults();
    return new RemoteSettings(
        Protocol.JSON,
        List.of(URI.create("http://127.0.0.1:1/predict")),
        Optional.empty(),
        Optional.empty(),
        false,
        Map.of(),
        Optional.empty(),
        new JsonMapping(Layout.OBJECTS, "/rows", fields, outputs),
        List.of(new TensorSettings("carat", Datatype.FP32, List.of(-1L))),
        List.of(new TensorSettings("price", Datatype.FP32, List.of(-1L))),
        plain.connections(),
        new HealthSettings(Duration.ofSeconds(1), Duration.ofSeconds(1), health),
        plain.resilience());
  }

  private static InferenceRequest request(String... outputs) {
    Tensor carat = Tensor.ofFloats("carat", Shape.of(2), 0.5f, 1);
    return new InferenceRequest(
        "m", "", "", Headers.NONE, List.of(carat), List.of(outputs), Map.of(), 0);
  }

  private static InferenceRequest request(Tensor carat) {
    return new InferenceRequest("m", "", "", Headers.NONE, List.of(carat), List.of(), Map.of(), 0);
  }

  private static RemoteFailure failure(ThrowingCallable call, Kind kind, String message) {
    RemoteFailure[] seen = new RemoteFailure[1];
    assertThatExceptionOfType(RemoteFailure.class)
        .isThrownBy(call)
        .withMessageContaining(message)
        .satisfies(failure -> {
          assertThat(failure.kind()).isEqualTo(kind);
          seen[0] = failure;
        });
    return seen[0];
  }
}
