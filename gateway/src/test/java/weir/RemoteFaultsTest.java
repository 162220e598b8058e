package weir;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every variant that lives on an HTTP server: whatever the server does, the caller
 * gets a refusal in the protocol's shape within the deadline, the blame is the variant's, and the
 * variant beside it serves on.
 */
@Tag("alone")
class RemoteFaultsTest {
  private static final Duration DEADLINE = Duration.ofMillis(700);

  /** What the server takes far longer for than the deadline, and a test than it may take. */
  private static final Duration FOREVER = Duration.ofSeconds(30);

  private static final String REMOTE = TestGateway.INFER.replace("/infer", "/versions/far/infer");

  @TempDir private Path state;

  private TestGateway gateway(RemoteSpeech speech, int port) throws StartRefusedException {
    return TestGateway.start(TestGateway.REPOSITORY, state, speech.variant(port, DEADLINE));
  }

  /** A fault, what the server then answers, and what the caller is to see. */
  record Case(String name, ResponseDefinitionBuilder response, int status, String reason) {
    boolean silent() {
      return name.equals("reset") || name.equals("closed unanswered");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Case> faults() {
    int delay = Math.toIntExact(FOREVER.toMillis());
    return List.of(
        new Case("slow", aResponse().withFixedDelay(delay), 504, "backend_timeout"),
        new Case(
            "dribbling",
            RemoteServer.json(RemoteServer.answer("1")).withChunkedDribbleDelay(60, delay),
            504,
            "backend_timeout"),
        new Case("reset", fault(Fault.CONNECTION_RESET_BY_PEER), 502, "backend_failed"),
        new Case("closed unanswered", fault(Fault.EMPTY_RESPONSE), 502, "backend_failed"),
        new Case("not HTTP", fault(Fault.RANDOM_DATA_THEN_CLOSE), 502, "invalid_output"),
        new Case(
            "garbage for a chunk", fault(Fault.MALFORMED_RESPONSE_CHUNK), 502, "invalid_output"),
        new Case("empty", RemoteServer.json(""), 502, "invalid_output"),
        new Case("not JSON", RemoteServer.json("<html>It works!</html>"), 502, "invalid_output"),
        new Case("cut JSON", RemoteServer.json("{\"outputs\":[{\"name\":"), 502, "invalid_output"),
        new Case(
            "another document", RemoteServer.json("{\"status\":\"ok\"}"), 502, "invalid_output"),
        new Case(
            "oversized",
            RemoteServer.json("[" + "1,".repeat(40_000) + "1]"),
            502,
            "invalid_output"),
        new Case(
            "compressed",
            RemoteServer.json("{}").withHeader("Content-Encoding", "gzip"),
            502,
            "invalid_output"),
        new Case("400", refusal(400), 400, "backend_refused"),
        new Case("422", refusal(422), 400, "backend_refused"),
        new Case("401", refusal(401), 502, "backend_failed"),
        new Case("404", refusal(404), 502, "backend_failed"),
        new Case("429", refusal(429).withHeader("Retry-After", "7"), 503, "backend_busy"),
        new Case("500", refusal(500), 502, "backend_failed"),
        new Case("503", refusal(503), 503, "backend_busy"),
        new Case("504", refusal(504), 504, "backend_timeout"),
        new Case(
            "redirect",
            aResponse().withStatus(307).withHeader("Location", "/elsewhere"),
            502,
            "backend_failed"));
  }

  private static ResponseDefinitionBuilder fault(Fault fault) {
    return aResponse().withFault(fault);
  }

  private static ResponseDefinitionBuilder refusal(int status) {
    return RemoteServer.json("{\"error\":\"not today\"}").withStatus(status);
  }

  private static List<Case> wrongOutputs(RemoteSpeech speech) {
    return switch (speech) {
      case OIP ->
          List.of(
              wrong("another shape", RemoteServer.answer("1").replace("[1,1]", "[1]")),
              wrong("another datatype", RemoteServer.answer("1").replace("FP32", "INT32")),
              wrong("another name", RemoteServer.answer("1").replace("\"price\"", "\"cost\"")),
              wrong("too many values", RemoteServer.answer("1, 2")),
              wrong("not finite", RemoteServer.answer("NaN")),
              wrong("beyond the datatype", RemoteServer.answer("1e300")),
              wrong("a text", RemoteServer.answer("\"12\"")));
      case OIP_BINARY ->
          List.of(
              new Case("not finite", RemoteServer.binary(Float.NaN), 502, "invalid_output"),
              new Case(
                  "fewer bytes than promised",
                  RemoteServer.json(RemoteServer.answer("1"))
                      .withHeader("Inference-Header-Content-Length", "9999"),
                  502,
                  "invalid_output"));
      case PLAIN ->
          List.of(
              wrong("too few rows", "{\"prices\":[]}"),
              wrong("too many rows", "{\"prices\":[1,2]}"),
              wrong("a text", "{\"prices\":[\"12\"]}"),
              wrong("null", "{\"prices\":[null]}"),
              wrong("beyond the datatype", "{\"prices\":[1e300]}"));
    };
  }

  private static Case wrong(String name, String body) {
    return new Case(name, RemoteServer.json(body), 502, "invalid_output");
  }

  static Stream<Arguments> cases() {
    return Stream.of(RemoteSpeech.values())
        .flatMap(speech ->
            Stream.concat(faults().stream(), wrongOutputs(speech).stream())
                .map(fault -> Arguments.of(speech, fault)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void infer_faultyServer_isRefusedInTimeAndBlamed(RemoteSpeech speech, Case fault)
      throws Exception {
    try (RemoteServer server = RemoteServer.start().answers(fault.response());
        TestGateway gateway = gateway(speech, server.port())) {
      long start = System.nanoTime();
      HttpResponse<String> answer = gateway.post(REMOTE, TestGateway.STONE);
      assertThat(System.nanoTime() - start).isLessThan(FOREVER.toNanos() / 2);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(fault.status());
      assertThat(answer.body()).startsWith("{\"error\":\"");
      assertThat(answer.headers().firstValue("weir-variant")).hasValue("far");
      assertThat(answer.headers().firstValue("Retry-After").isPresent())
          .isEqualTo(fault.status() == 503);
      assertThat(server.asked())
          .as("sent once, and again only where a used connection closed before any answer")
          .isBetween(1L, fault.silent() ? 2L : 1L);
      assertThat(server.visited("/elsewhere")).as("redirects followed").isZero();
      assertThat(failures(gateway, "far")).containsExactly(1.0);
      assertThat(series(gateway, "weir_refusals_total", "reason=\"" + fault.reason() + "\""))
          .containsExactly(1.0);
      assertThat(gateway.post(TestGateway.INFER, TestGateway.STONE).statusCode()).isEqualTo(200);
      assertThat(failures(gateway, "1")).containsExactly(0.0);
    }
  }

  @ParameterizedTest
  @EnumSource(RemoteSpeech.class)
  void infer_refusedConnection_isUnreachableAtOnce(RemoteSpeech speech) throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    try (TestGateway gateway = gateway(speech, port)) {
      HttpResponse<String> answer = gateway.post(REMOTE, TestGateway.STONE);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.body()).contains("127.0.0.1:" + port);
      assertThat(failures(gateway, "far")).containsExactly(1.0);
    }
  }

  @ParameterizedTest
  @EnumSource(RemoteSpeech.class)
  void infer_soundServer_answersItsPrediction(RemoteSpeech speech) throws Exception {
    try (RemoteServer server = RemoteServer.start().answers(speech.right());
        TestGateway gateway = gateway(speech, server.port())) {
      HttpResponse<String> answer = gateway.post(REMOTE, TestGateway.STONE);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo(
              "{\"model_name\":\"diamond-price\",\"model_version\":\"far\",\"id\":\"42\",\"outputs\":"
                  + "[{\"name\":\"price\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1234.5]}]}");
      assertThat(failures(gateway, "far")).containsExactly(0.0);
    }
  }

  @Test
  void infer_oneVariantHangs_theOtherAnswersMeanwhile() throws Exception {
    try (RemoteServer server =
            RemoteServer.start()
                .answers(aResponse().withFixedDelay(Math.toIntExact(FOREVER.toMillis())));
        TestGateway gateway = gateway(RemoteSpeech.OIP, server.port());
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> hanging = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        hanging.add(callers.submit(() -> gateway.post(REMOTE, TestGateway.STONE)));
      }
      int answered = 0;
      while (hanging.stream().noneMatch(Future::isDone)) {
        assertThat(gateway.post(TestGateway.INFER, TestGateway.STONE).statusCode()).isEqualTo(200);
        answered++;
      }
      assertThat(answered).as("answered while the other hung").isGreaterThan(10);
      for (Future<HttpResponse<String>> caller : hanging) {
        assertThat(caller.get().statusCode()).isIn(503, 504);
      }
    }
  }

  private static List<Double> failures(TestGateway gateway, String version)
      throws IOException, InterruptedException {
    return series(
        gateway,
        "weir_requests_total",
        "outcome=\"backend\"",
        "model=\"diamond-price\"",
        "variant=\"" + version + "\"");
  }

  /** The values of the series of that name with these labels. */
  static List<Double> series(TestGateway gateway, String name, String... labels)
      throws IOException, InterruptedException {
    return gateway
        .management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .filter(line -> !line.contains("model=\"\"") && !line.contains("model=\"plain-30\""))
        .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }
}
