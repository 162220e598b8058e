package weir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes that nobody should send, over a real socket: told what is wrong, and nothing else breaks.
 */
class HostileInputTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SPLIT =
      """
      diamond-price:
        routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 90, "2": 10}}}
      """;

  @TempDir private static Path state;
  private static TestGateway gateway;

  @BeforeAll
  static void start() throws StartRefusedException {
    gateway = TestGateway.start(TestGateway.REPOSITORY, state, SPLIT);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String post(String body) {
    return post(TestGateway.INFER, body);
  }

  private static String post(String path, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n" + body;
  }

  private static String chunked(String chunks) {
    return "POST "
        + TestGateway.INFER
        + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunks;
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  }

  private static String input(String tensor) {
    return post("{\"inputs\":[" + tensor + "]}");
  }

  private static String carat(String data) {
    return input(
        "{\"name\":\"carat\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":" + data + "}");
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        bad("empty body", 400, post("")),
        bad("no JSON", 400, post("carat=1")),
        bad("an array", 400, post("[]")),
        bad("no inputs", 400, post("{}")),
        bad("trailing garbage", 400, post(TestGateway.STONE + "x")),
        bad("two documents", 400, post(TestGateway.STONE + TestGateway.STONE)),
        bad("duplicate key", 400, post("{\"id\":\"1\",\"id\":\"2\",\"inputs\":[]}")),
        bad("deep nesting", 400, carat("[".repeat(10_000))),
        bad("deep objects", 400, post("{\"parameters\":".repeat(5_000))),
        bad("NaN", 400, carat("[NaN]")),
        bad("huge number", 400, carat("[1" + "0".repeat(100_000) + "]")),
        bad("overflow", 400, carat("[1e39]")),
        bad("string for number", 400, carat("[\"1\"]")),
        bad("null for number", 400, carat("[null]")),
        bad("too many values", 400, carat("[1,2]")),
        bad("too few values", 400, carat("[]")),
        bad(
            "huge shape",
            400,
            input(
                "{\"name\":\"carat\",\"shape\":[2147483647,2147483647],\"datatype\":\"FP32\",\"data\":[1]}")),
        bad(
            "negative shape",
            400,
            input("{\"name\":\"carat\",\"shape\":[-1,1],\"datatype\":\"FP32\",\"data\":[1]}")),
        bad(
            "unknown datatype",
            400,
            input("{\"name\":\"carat\",\"shape\":[1,1],\"datatype\":\"FLOAT\",\"data\":[1]}")),
        bad("unknown input", 400, post(TestGateway.STONE.replace("\"carat\"", "\"karat\""))),
        bad("missing input", 400, carat("[1]")),
        bad("wrong shape", 400, post(TestGateway.STONE.replaceFirst("\\[1,1\\]", "[1]"))),
        bad(
            "unequal rows",
            400,
            post(
                TestGateway.STONE
                    .replaceFirst("\\[1,1\\]", "[2,1]")
                    .replaceFirst("0\\.5", "0.5,1"))),
        bad(
            "unknown output",
            400,
            post(TestGateway.STONE.replaceFirst("\\{", "{\"outputs\":[{\"name\":\"prise\"}],"))),
        bad(
            "broken UTF-8",
            400,
            post(TestGateway.STONE).replace("Ideal", "Ide\u00ff\u00fe").replace("42", "4")),
        bad("body cut off", 400, post(TestGateway.STONE).replace("SI1\"]}]}", "")),
        bad("chunk size garbage", 400, chunked("zz\r\nabc\r\n0\r\n\r\n")),
        bad("chunk size huge", 400, chunked("ffffffffffffffff\r\nabc\r\n0\r\n\r\n")),
        bad("chunk size negative", 400, chunked("-5\r\nabc\r\n0\r\n\r\n")),
        bad("chunks cut off", 400, chunked("5\r\nab")),
        bad("declared too large", 413, post("").replace("Length: 0", "Length: 99999999")),
        bad("too large", 413, post(" ".repeat(1_100_000))),
        bad(
            "chunks too large",
            413,
            chunked("110000\r\n" + " ".repeat(0x110000) + "\r\n0\r\n\r\n")),
        bad("length negative", 400, post("").replace("Length: 0", "Length: -1")),
        bad("length no number", 400, post("").replace("Length: 0", "Length: abc")),
        bad(
            "length and chunks",
            400,
            chunked("0\r\n\r\n").replace("Host: a", "Host: a\r\nContent-Length: 3")),
        bad("two lengths", 400, post("{}").replace("Host: a", "Host: a\r\nContent-Length: 3")),
        bad("gzip", 415, post("{}").replace("Host: a", "Host: a\r\nContent-Encoding: gzip")),
        bad(
            "binary length beyond body",
            400,
            post("{}").replace("Host: a", "Host: a\r\nInference-Header-Content-Length: 99")),
        bad(
            "binary length no number",
            400,
            post("{}").replace("Host: a", "Host: a\r\nInference-Header-Content-Length: x")),
        bad("wrong method", 405, get(TestGateway.INFER)),
        bad("odd method", 405, get(TestGateway.INFER).replace("GET", "BREW")),
        bad("delete", 405, get("/v2/models/diamond-price").replace("GET", "DELETE")),
        bad("unknown path", 404, get("/v3")),
        bad("unknown model", 404, post("/v2/models/nope/infer", TestGateway.STONE)),
        bad(
            "unknown version",
            404,
            post("/v2/models/diamond-price/versions/9/infer", TestGateway.STONE)),
        bad("path trick in model", 404, post("/v2/models/..%2f..%2fetc/infer", TestGateway.STONE)),
        bad("path trick in version", 404, get("/v2/models/diamond-price/versions/..%2f1")),
        bad("dot segments", 404, get("/v2/models/../../etc/passwd")),
        bad("null byte in model", 404, get("/v2/models/a%00b")),
        bad("half escape", 400, get("/v2/models/a%2")),
        bad("docs path trick", 404, get("/docs/..%2f..%2fweir%2fWeir.class")),
        bad(
            "headers too large",
            431,
            get("/v2").replace("Host: a", "Host: a\r\nX: " + "x".repeat(70_000))),
        bad("path too long", 414, get("/" + "x".repeat(20_000))),
        bad("no host", 400, "GET /v2 HTTP/1.1\r\n\r\n"),
        bad("header without colon", 400, "GET /v2 HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n"));
  }

  private static Arguments bad(String name, int status, String request) {
    return Arguments.of(name, status, request);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void raw_hostileRequest_isToldAndTheNextSucceeds(String name, int status, String request)
      throws Exception {
    String answer = gateway.raw(request.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    JsonNode body = JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    assertThat(body.fieldNames()).toIterable().containsExactly("error");
    assertThat(answer.split("HTTP/1.1 ", -1)).describedAs("answers").hasSize(2);
    assertThat(body.get("error").asText())
        .isNotBlank()
        .hasSizeLessThan(600)
        .doesNotContain("weir.", "java", "Exception", "helidon", TestGateway.REPOSITORY.toString());
    if (status == 405) {
      assertThat(answer).containsIgnoringCase("\r\nAllow: ");
    }
    assertThat(gateway.post(TestGateway.INFER, TestGateway.STONE).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello\r\n\r\n", "GET /v2 HTTP/9.9\r\nHost: a\r\n\r\n"})
  void raw_linesThatAreNotHttp_areRefusedAndClosed(String bytes) throws Exception {
    assertThat(gateway.raw(bytes.getBytes(StandardCharsets.ISO_8859_1)))
        .startsWith("HTTP/1.1 400")
        .containsIgnoringCase("\r\nConnection: close\r\n");
  }

  @Test
  void raw_bytesWithoutALine_areClosedWithoutAnAnswer() throws Exception {
    assertThat(gateway.raw(new byte[] {0, 1, 2})).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("smuggled")
  void raw_brokenFraming_servesNoRequestAfterIt(String request) throws Exception {
    String answer = gateway.raw(request.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("HTTP/1.1 200", "\"live\"");
  }

  static Stream<String> smuggled() {
    String second = "GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n";
    return Stream.of(
        chunked("zz\r\n" + second),
        chunked("5\r\nabcdeXX" + second),
        chunked("0\r\n\r\n").replace("Host: a", "Host: a\r\nContent-Length: 3") + second,
        post("{").replace("Length: 1", "Length: +1") + second,
        post("").replace("Length: 0", "Length: 99999999") + second);
  }
}
