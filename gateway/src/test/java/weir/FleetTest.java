package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.TestGateway.INFER;
import static weir.TestGateway.STONE;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.journal.FleetDatabase;
import weir.journal.JournalSettings;

/** Gateways on one database act as one, and each alone when that is away. */
@Tag("alone")
@Timeout(120)
class FleetTest {
  private static final String MODEL = "/admin/models/diamond-price";
  private static final String MODELS =
      "diamond-price: {routing: {sticky: {by-header: x-user-id}, policy: {fixed: \"1\"}}}";
  private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

  @TempDir private Path folder = Path.of("");
  private final JournalSettings journal = FleetDatabase.fresh();
  private final List<TestGateway> fleet = new ArrayList<>();

  private TestGateway replica() throws StartRefusedException {
    TestGateway one = TestGateway.start(folder.resolve("r" + fleet.size()), journal, MODELS);
    fleet.add(one);
    return one;
  }

  @AfterEach
  void close() {
    fleet.forEach(TestGateway::close);
  }

  private static void within(Duration time, Callable<Boolean> claim) throws Exception {
    long begun = System.nanoTime();
    while (!claim.call()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(time);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static String split(int percent) {
    return "{\"weights\":{\"1\":%d,\"2\":%d}}".formatted(100 - percent, percent);
  }

  @Test
  void split_askedOfOneReplica_isEveryonesAndGivesUnitsTheSameVersion() throws Exception {
    List<TestGateway> all = List.of(replica(), replica(), replica());

    assertThat(all.getFirst().admin("POST", MODEL + "/split", split(50)).statusCode())
        .isEqualTo(200);

    for (TestGateway each : all) {
      within(BACK_WITHIN, () -> each.management(MODEL).body().contains("\"revision\":2,"));
    }
    List<List<String>> versions = new ArrayList<>();
    for (TestGateway each : all) {
      List<String> mine = new ArrayList<>();
      for (int unit = 0; unit < 40; unit++) {
        mine.add(each.variantOf("user-" + unit));
      }
      versions.add(mine);
    }
    assertThat(versions.getFirst()).contains("1", "2");
    assertThat(versions).containsOnly(versions.getFirst());
    assertThat(fleet)
        .allSatisfy(each ->
            assertThat(each.management("/metrics").body()).contains("weir_plan_generation 4"));
  }

  @Test
  void start_askedOfTwoReplicasAtOnce_oneWinsAndTheOtherSaysWhichRevision() throws Exception {
    TestGateway one = replica();
    TestGateway two = replica();
    String body = "{\"candidate\":\"2\"}";
    List<HttpResponse<String>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> asked = new ArrayList<>();
      for (TestGateway each : List.of(one, two)) {
        asked.add(threads.submit(() -> each.admin("POST", MODEL + "/rollout/start", body)));
      }
      for (Future<HttpResponse<String>> each : asked) {
        answers.add(each.get());
      }
    }

    assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 409);
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() == 409)
        .allSatisfy(lost ->
            assertThat(lost.body()).contains("revision 2 (rollout-started by admin) was first"));
  }

  @Test
  void feedback_sentToAnotherReplica_isOfAnIdThatItKnows() throws Exception {
    TestGateway one = replica();
    TestGateway two = replica();
    String id =
        one.post(INFER, STONE, "x-user-id", "ann")
            .headers()
            .firstValue("weir-prediction-id")
            .orElseThrow();

    HttpResponse<String> taken =
        two.post(
            "/v2/models/diamond-price/feedback", "{\"id\":\"%s\",\"actual\":3000}".formatted(id));

    assertThat(taken.body()).isEqualTo("{\"result\":\"accepted\"}");
    assertThat(two.management("/admin/audit").body()).contains("prediction-keys-made");
  }

  @Test
  void close_ofTheLeader_letsAnotherLead() throws Exception {
    TestGateway one = replica();
    within(BACK_WITHIN, () -> leads(one));
    TestGateway two = replica();
    assertThat(leads(two)).isFalse();

    one.close();
    fleet.remove(one);

    within(BACK_WITHIN, () -> leads(two));
  }

  private static boolean leads(TestGateway gateway) throws IOException, InterruptedException {
    return gateway.management("/admin/status").body().contains("\"leads\":true");
  }

  @Test
  void start_databaseAway_isLiveAndNotReadyUntilItIsBack() throws Exception {
    FleetDatabase.stop();
    TestGateway cold;
    try {
      cold = replica();

      assertThat(cold.get("/v2/health/live").statusCode()).isEqualTo(200);
      HttpResponse<String> ready = cold.get("/v2/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("the journal is not there").contains("localhost");
      assertThat(cold.post(INFER, STONE).statusCode()).isEqualTo(503);
    } finally {
      FleetDatabase.startAgain();
    }

    within(BACK_WITHIN, () -> cold.get("/v2/health/ready").statusCode() == 200);
    assertThat(cold.variantOf("ann")).isEqualTo("1");
  }

  @Test
  void requestsAndReads_databaseFrozen_goOnAndShowTheAgeOfTheState() throws Exception {
    TestGateway one = replica();
    one.admin("POST", MODEL + "/rollout/start", "{\"candidate\":\"2\",\"steps\":[50,100]}");
    FleetDatabase.freeze();
    try {
      within(
          BACK_WITHIN,
          () -> {
            long begun = System.nanoTime();
            assertThat(one.post(INFER, STONE).statusCode()).isEqualTo(200);
            HttpResponse<String> status = one.management("/admin/status");
            assertThat(one.management(MODEL).statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .describedAs("an answer, a status and a model")
                .isLessThan(Duration.ofSeconds(10));
            return status.body().contains("\"leads\":false")
                && !status.body().contains("\"journal_problem\":\"\"");
          });
      HttpResponse<String> aborted = one.admin("POST", MODEL + "/rollout/abort", "");
      assertThat(aborted.statusCode()).isEqualTo(503);
      assertThat(aborted.body()).contains("in effect, but not recorded yet");
    } finally {
      FleetDatabase.thaw();
    }

    within(BACK_WITHIN, () -> one.management(MODEL).body().contains("\"unrecorded\":0"));
    assertThat(one.management("/admin/audit").body()).contains("rollout-rolled-back");
  }
}
