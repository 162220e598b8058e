package weir;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.TestGateway.INFER;
import static weir.TestGateway.STONE;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.journal.FleetDatabase;
import weir.journal.JournalSettings;

/** What goes on and what stands still while the database is there but does not do its work. */
@Tag("alone")
@Timeout(180)
class FleetFaultsTest {
  /** What each write comes to. */
  enum Write {
    FULL("RAISE EXCEPTION 'could not extend file: No space left' USING ERRCODE = 'disk_full'"),
    SLOW("PERFORM pg_sleep(30)");

    private final String body;

    Write(String body) {
      this.body = body;
    }
  }

  private static final String MODEL = "/admin/models/diamond-price";
  private static final String MODELS =
      """
      diamond-price:
        routing: {sticky: {by-header: x-user-id}, policy: {fixed: "1"}}
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder = Path.of("");
  private final JournalSettings journal = FleetDatabase.fresh();
  private TestGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = TestGateway.start(folder.resolve("r"), journal, MODELS);
    until(() -> status().contains("\"leads\":true"));
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private static void until(Callable<Boolean> claim) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!claim.call()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private String status() throws Exception {
    return gateway.management("/admin/status").body();
  }

  private String model() throws Exception {
    return gateway.management(MODEL).body();
  }

  private void writesCome(Write write) {
    FleetDatabase.execute(
        journal,
        """
        CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s; RETURN NULL; END $$;
        DO $$ DECLARE name text; BEGIN
          FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('CREATE TRIGGER fault BEFORE INSERT OR UPDATE OR DELETE ON %%I '
              'FOR EACH STATEMENT EXECUTE FUNCTION fault()', name);
          END LOOP;
        END $$
        """
            .formatted(write.body));
  }

  private void writesGoOn() {
    FleetDatabase.execute(journal, "DROP FUNCTION fault CASCADE");
  }

  @ParameterizedTest
  @EnumSource
  void rollout_writesFail_requestsAndAbortGoOnWithoutALeaderAndAreRecordedAfterwards(Write write)
      throws Exception {
    assertThat(
            gateway.admin("POST", MODEL + "/rollout/start", "{\"candidate\":\"2\"}").statusCode())
        .isEqualTo(200);
    writesCome(write);
    try {
      until(() -> {
        assertThat(gateway.post(INFER, STONE, "x-user-id", "ann").statusCode()).isEqualTo(200);
        return status().contains("\"leads\":false");
      });
      HttpResponse<String> split =
          gateway.admin("POST", MODEL + "/split", "{\"weights\":{\"1\":50,\"2\":50}}");
      assertThat(split.statusCode()).isIn(409, 503);
      assertThat(status()).doesNotContain("\"journal_problem\":\"\"");

      HttpResponse<String> aborted = gateway.admin("POST", MODEL + "/rollout/abort", "");

      assertThat(aborted.statusCode()).isEqualTo(503);
      assertThat(aborted.body()).contains("in effect, but not recorded yet");
      for (int unit = 0; unit < 50; unit++) {
        assertThat(gateway.variantOf("user-" + unit)).isEqualTo("1");
      }
    } finally {
      writesGoOn();
    }

    until(() -> model().contains("\"unrecorded\":0"));
    until(() -> status().contains("\"leads\":true"));
    assertThat(gateway.management("/admin/audit").body()).contains("rollout-rolled-back");
  }

  @Test
  void requestsAndCommands_connectionsCutAgainAndAgain_goOn() throws Exception {
    for (int cut = 0; cut < 5; cut++) {
      FleetDatabase.cut(journal);
      assertThat(gateway.post(INFER, STONE, "x-user-id", "ann").statusCode()).isEqualTo(200);
      assertThat(gateway.management(MODEL).statusCode()).isEqualTo(200);
    }
    String body = "{\"weights\":{\"1\":50,\"2\":50}}";

    until(() -> gateway.admin("POST", MODEL + "/split", body).statusCode() == 200);
    until(
        () -> status().contains("\"leads\":true") && status().contains("\"journal_problem\":\"\""));

    assertThat(model()).contains("\"unrecorded\":0");
  }
}
