package weir;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.WireMock;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions that live on servers elsewhere, beside those of the repository. */
class RemoteVariantsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PINNED = "/v2/models/diamond-price/versions/%s/infer";

  @TempDir private Path folder;

  private TestGateway start(String name, String models) throws StartRefusedException {
    return TestGateway.start(TestGateway.REPOSITORY, folder.resolve(name), models);
  }

  private static String far(String settings) {
    return """
    diamond-price:
      routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 50, far: 50}}}
      %s
    """
        .formatted(settings);
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).describedAs("the change was not seen in time").isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void infer_otherWeirAsServer_answersLikeIt(boolean binary) throws Exception {
    try (TestGateway server = start("server", "{}");
        TestGateway gateway =
            start(
                "gateway",
                far(
                    "variants: {far: {endpoints: [\"http://127.0.0.1:%d\"], version: \"2\", binary: %s}}"
                        .formatted(server.gateway().port(), binary)))) {
      String local = gateway.post(PINNED.formatted("2"), TestGateway.STONE).body();
      HttpResponse<String> far = gateway.post(PINNED.formatted("far"), TestGateway.STONE);
      assertThat(far.statusCode()).as(far.body()).isEqualTo(200);
      assertThat(far.body())
          .isEqualTo(local.replace("\"model_version\":\"2\"", "\"model_version\":\"far\""));
    }
  }

  @Test
  void metadata_remoteVersion_isWhatItsServerSays() throws Exception {
    try (RemoteServer server = RemoteServer.start();
        TestGateway gateway =
            start(
                "gateway",
                far(
                    "variants: {far: {endpoints: [\"http://127.0.0.1:%d\"]}}"
                        .formatted(server.port())))) {
      String metadata = gateway.get("/v2/models/diamond-price/versions/far").body();
      assertThat(metadata).contains("\"platform\":\"fake\"").contains("\"name\":\"clarity\"");
      assertThat(gateway.post("/v2/repository/index", "").body())
          .contains(
              "{\"name\":\"diamond-price\",\"version\":\"far\",\"state\":\"READY\",\"reason\":\"\"}");
    }
  }

  @Test
  void start_serverDown_servesTheOthersAndTakesItInWhenItComes() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    String models =
        far(
            "variants: {far: {endpoints: [\"http://127.0.0.1:%d\"], version: \"1\", health: {interval: 100ms}}}"
                .formatted(port));
    try (TestGateway gateway = start("gateway", models)) {
      assertThat(gateway.post(PINNED.formatted("1"), TestGateway.STONE).statusCode())
          .isEqualTo(200);
      assertThat(gateway.get("/v2/health/ready").statusCode()).isEqualTo(200);
      assertThat(gateway.get("/v2/models/diamond-price/versions/far/ready").statusCode())
          .isEqualTo(503);
      assertThat(gateway.post("/v2/repository/index", "").body()).contains("127.0.0.1:" + port);
      String yaml = "http: {port: %d, management-port: 0}".formatted(port);
      WeirSettings settings =
          Settings.parse(
              "%s\nrepository: {path: %s, warm-up-runs: 1}\nstate: %s"
                  .formatted(yaml, TestGateway.REPOSITORY, folder.resolve("late")),
              folder.resolve("weir.yaml"),
              Map.of());
      try (Gateway _ = Gateway.start(settings)) {
        await(() ->
            gateway.get("/v2/models/diamond-price/versions/far/ready").statusCode() == 200
                && gateway.post(PINNED.formatted("far"), TestGateway.STONE).statusCode() == 200);
      }
    }
  }

  @Test
  void start_onlyServerOfAModelIsDown_saysSoAndServesTheRest() throws Exception {
    String models =
        """
        elsewhere:
          variants: {"1": {endpoints: ["http://127.0.0.1:1"]}}
        """;
    try (TestGateway gateway = start("gateway", models)) {
      HttpResponse<String> answer = gateway.post("/v2/models/elsewhere/infer", TestGateway.STONE);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.body()).contains("elsewhere/1").contains("127.0.0.1:1");
      assertThat(gateway.get("/v2/models/elsewhere/ready").statusCode()).isEqualTo(503);
      assertThat(gateway.get("/v2/health/ready").statusCode()).isEqualTo(200);
      assertThat(gateway.post(TestGateway.INFER, TestGateway.STONE).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void apply_variantsAndEndpointsComeAndGoUnderLoad_failsNoRequest() throws Exception {
    try (TestGateway one = start("one", "{}");
        TestGateway two = start("two", "{}");
        TestGateway gateway = start("gateway", split(one, "far"));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger answered = new AtomicInteger();
      ConcurrentLinkedQueue<String> failed = new ConcurrentLinkedQueue<>();
      List<Future<?>> load = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        load.add(
            callers.submit(() -> {
              while (!stop.get()) {
                HttpResponse<String> answer = gateway.post(TestGateway.INFER, TestGateway.STONE);
                if (answer.statusCode() == 200) {
                  answered.incrementAndGet();
                } else {
                  failed.add(answer.body());
                }
              }
              return null;
            }));
      }
      for (int round = 0; round < 5; round++) {
        for (String models :
            List.of(split(two, "far"), split(two, "new"), split(one, "far"), both(one, two))) {
          assertThat(apply(gateway, models)).isEmpty();
          int seen = answered.get();
          await(() -> answered.get() > seen + 20 || !failed.isEmpty());
        }
      }
      stop.set(true);
      for (Future<?> caller : load) {
        caller.get();
      }
      assertThat(failed).isEmpty();
    }
  }

  private List<String> apply(TestGateway gateway, String models) throws StartRefusedException {
    return gateway
        .gateway()
        .apply(TestGateway.settings(TestGateway.REPOSITORY, folder.resolve("gateway"), models));
  }

  private static String split(TestGateway server, String version) {
    return """
    diamond-price:
      routing: {policy: {split: {"1": 50, %1$s: 50}}}
      variants: {%1$s: {endpoints: ["http://127.0.0.1:%2$d"], version: "1"}}
    """
        .formatted(version, server.gateway().port());
  }

  private static String both(TestGateway one, TestGateway two) {
    return """
    diamond-price:
      routing: {policy: {split: {"1": 50, far: 50}}}
      variants: {far: {endpoints: ["http://127.0.0.1:%d", "http://127.0.0.1:%d"], version: "1"}}
    """
        .formatted(one.gateway().port(), two.gateway().port());
  }

  @Test
  void infer_assignedVersionFailsWithFallback_isAnsweredByTheStableAndLabelled() throws Exception {
    try (RemoteServer server = RemoteServer.start().answers(WireMock.aResponse().withStatus(500));
        TestGateway gateway =
            start(
                "gateway",
                far(
                    """
                    serving: {deadline: 5s, fallback-after: 1s}
                      variants: {far: {endpoints: ["http://127.0.0.1:%d"], resilience: {retry-budget: 0}}}\
                    """
                        .formatted(server.port())))) {
      String unit = unitOf(gateway, "far");
      HttpResponse<String> answer =
          gateway.post(TestGateway.INFER, TestGateway.STONE, "x-user-id", unit);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValue("weir-variant")).hasValue("1");
      assertThat(answer.headers().firstValue("weir-fallback-from")).hasValue("far");
      assertThat(answer.body()).contains("\"model_version\":\"1\"");
      assertThat(
              RemoteFaultsTest.series(
                      gateway, "weir_fallbacks_total", "variant=\"far\"", "result=\"ok\"")
                  .getFirst())
          .isPositive();
      assertThat(
              RemoteFaultsTest.series(
                      gateway, "weir_requests_total", "outcome=\"backend\"", "variant=\"far\"")
                  .getFirst())
          .as("in the evidence it stays the first variant's error")
          .isPositive();
      HttpResponse<String> pinned = gateway.post(PINNED.formatted("far"), TestGateway.STONE);
      assertThat(pinned.statusCode()).as("a pinned version has no substitute").isEqualTo(502);
    }
  }

  @Test
  void infer_assignedVersionHasNoRoomWithFallback_isAnsweredByTheStable() throws Exception {
    try (RemoteServer server = RemoteServer.start();
        TestGateway gateway =
            start(
                "gateway",
                far(
                    """
                    serving: {deadline: 60s, fallback-after: 59s}
                      variants: {far: {endpoints: ["http://127.0.0.1:%d"], resilience: {concurrency: 1}}}\
                    """
                        .formatted(server.port())));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      server.answers(WireMock.aResponse().withStatus(500).withFixedDelay(6_000));
      Future<HttpResponse<String>> held =
          threads.submit(() -> gateway.post(PINNED.formatted("far"), TestGateway.STONE));
      await(() ->
          RemoteFaultsTest.series(gateway, "weir_backend_in_flight", "variant=\"far\"").getFirst()
              == 1);

      assertThat(unitOf(gateway, "far")).isNotEmpty();

      assertThat(
              RemoteFaultsTest.series(
                      gateway, "weir_requests_total", "outcome=\"capacity\"", "variant=\"far\"")
                  .getFirst())
          .isEqualTo(1);
      assertThat(held.get().statusCode()).isEqualTo(502);
    }
  }

  /** A user whose requests go to that version, found by the label of the fallback. */
  private static String unitOf(TestGateway gateway, String version) throws Exception {
    for (int i = 0; i < 200; i++) {
      HttpResponse<String> answer =
          gateway.post(TestGateway.INFER, TestGateway.STONE, "x-user-id", "user-" + i);
      if (answer.headers().firstValue("weir-fallback-from").orElse("").equals(version)) {
        return "user-" + i;
      }
    }
    throw new AssertionError("no user is assigned to " + version);
  }

  @Test
  void start_versionInRepositoryAndElsewhere_isRefused() {
    StartRefusedException refused =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            StartRefusedException.class,
            () ->
                start(
                    "gateway",
                    "diamond-price: {variants: {\"1\": {endpoints: [\"http://127.0.0.1:1\"]}}}"));
    assertThat(refused.problems()).singleElement().asString().contains("variants.1");
  }
}
