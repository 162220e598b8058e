package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a running gateway, against a real one. */
@Timeout(120)
class ClientCommandsTest {
  private static final String MODEL = "diamond-price";
  private static final String MODELS =
      """
      diamond-price:
        routing: {sticky: {by-header: x-user-id}, policy: {fixed: "1"}}
        serving: {score: price}
        rollout: {steps: [10, 50, 100], step-min: 1h, step-max: 24h}
      """;

  @TempDir private Path folder;
  private TestGateway running;

  @BeforeEach
  void start() throws StartRefusedException {
    running = TestGateway.start(TestGateway.REPOSITORY, folder.resolve("state"), MODELS);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  /** What a command printed, and its exit code. */
  private record Ran(int code, String out, String err) {}

  private static Ran run(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Weir.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran weir(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    boolean feedback = arguments[0].equals("feedback");
    all.add(feedback ? "--address" : "--management");
    all.add(address(feedback ? running.gateway().port() : running.gateway().managementPort()));
    return run(all);
  }

  private static String address(int port) {
    return "http://127.0.0.1:" + port;
  }

  @Test
  void status_withoutAModel_isALineForEach() {
    Ran ran = weir("status");

    assertThat(ran.code()).isZero();
    assertThat(ran.out().lines().toList())
        .anySatisfy(line -> assertThat(line).matches("diamond-price +1  version 1  none"));
  }

  @Test
  void status_asJson_isTheGatewaysDocument() throws Exception {
    Ran ran = weir("status", MODEL, "--json");

    assertThat(ran.out().strip()).isEqualTo(running.management("/admin/models/" + MODEL).body());
  }

  @Test
  void split_byHand_showsInStatusAndAudit() {
    Ran split = weir("split", MODEL, "1=9", "2=1", "--why", "a try");

    assertThat(split.code()).isZero();
    assertThat(split.out()).contains("revision 2");
    assertThat(weir("status", MODEL).out()).contains("version 1 90 %, version 2 10 %");
    assertThat(weir("audit", MODEL).out())
        .contains("split-set")
        .contains(RemoteGateway.actor(System.getProperty("user.name")))
        .contains("why: a try");
  }

  @Test
  void rollout_startedPausedResumedAborted_eachIsDone() {
    Ran start =
        weir("rollout", "start", MODEL, "2", "--steps", "5,50,100", "--manual", "50", "--dry-run");
    assertThat(start.code()).describedAs(start.err()).isZero();
    assertThat(weir("status", MODEL).out()).contains("step 1 of 3 (5 %), stepping (dry run)");
    Ran experiment = weir("experiment", MODEL);
    for (int look = 0; look < 10_000 && !experiment.out().contains("verdict"); look++) {
      experiment = weir("experiment", MODEL); // the first look is a quarter of a second away
    }
    assertThat(experiment.out()).contains("check").contains("errors");

    assertThat(weir("rollout", "pause", MODEL).code()).isZero();
    assertThat(weir("status", MODEL).out()).contains("paused");
    assertThat(weir("rollout", "resume", MODEL).code()).isZero();
    assertThat(weir("rollout", "abort", MODEL, "--why", "enough").code()).isZero();
    assertThat(weir("status").out()).contains("rolled-back (aborted)");
  }

  @Test
  void change_thatCannotBeNow_isRefusedWithWords() {
    Ran notRunning = weir("rollout", "pause", MODEL);
    weir("rollout", "start", MODEL, "2");
    Ran underWay = weir("split", MODEL, "1=90", "2=10");

    assertThat(notRunning.code()).isEqualTo(ClientCode.REFUSED);
    assertThat(notRunning.err()).startsWith("weir: no rollout is under way");
    assertThat(underWay.code()).isEqualTo(ClientCode.REFUSED);
    assertThat(underWay.err()).contains("abort it first");
  }

  @Test
  void change_fromAnOldRevision_isRefusedAndChangesNothing() {
    weir("split", MODEL, "1=90", "2=10");

    Ran stale = weir("split", MODEL, "1=50", "2=50", "--if-revision", "1");

    assertThat(stale.code()).isEqualTo(ClientCode.REFUSED);
    assertThat(stale.err()).contains("is at revision 2, not 1");
    assertThat(weir("split", MODEL, "1=60", "2=40", "--if-revision", "2").code()).isZero();
    assertThat(weir("status", MODEL).out()).contains("version 2 40 %");
  }

  @Test
  void mistakes_ofTheCaller_areUsage() {
    assertThat(weir("status", "nope").code()).isEqualTo(ClientCode.USAGE);
    assertThat(weir("split", MODEL, "1=90", "1=10").code()).isEqualTo(ClientCode.USAGE);
    assertThat(weir("split", MODEL, "1=many").code()).isEqualTo(ClientCode.USAGE);
    assertThat(weir("rollout", "start", MODEL, "2", "--steps", "5,1,100").code())
        .isEqualTo(ClientCode.USAGE);
    assertThat(weir("feedback", MODEL, "id").code()).isEqualTo(ClientCode.USAGE);
  }

  @Test
  void command_withoutAGateway_saysWhatToDo() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }

    Ran ran = run(List.of("status", "--management", address(free)));

    assertThat(ran.code()).isEqualTo(69);
    assertThat(ran.err()).contains("ops/weir serve --config FILE").contains("--management");
  }

  private String predictionId() throws Exception {
    return running
        .post(TestGateway.INFER, TestGateway.STONE)
        .headers()
        .firstValue("weir-prediction-id")
        .orElseThrow();
  }

  private static String changed(String id) {
    int last = id.length() - 3;
    return id.substring(0, last) + (id.charAt(last) == 'A' ? 'B' : 'A') + id.substring(last + 1);
  }

  @Test
  void feedback_ofOnePrediction_isAcceptedOnceAndNeverWhenForged() throws Exception {
    String id = predictionId();

    Ran first = weir("feedback", MODEL, id, "--actual", "3326.5");
    Ran again = weir("feedback", MODEL, id, "--actual", "1");
    Ran forged = weir("feedback", MODEL, changed(id), "--reward", "1");

    assertThat(first).isEqualTo(new Ran(0, "accepted" + System.lineSeparator(), ""));
    assertThat(again.code()).isZero();
    assertThat(again.out()).startsWith("duplicate: ");
    assertThat(forged.code()).isEqualTo(ClientCode.REFUSED);
    assertThat(forged.err()).contains("nothing was applied");
  }

  @Test
  void feedback_ofAFile_isCountedAndRefusalsNameTheirLine() throws Exception {
    String id = predictionId();
    Path file = folder.resolve("f.ndjson");
    Files.writeString(
        file,
        """
        {"id":"%s","actual":3326.5}

        {"id":"%s","actual":3326.5}
        {"id":"%s","actual":1}
        """
            .formatted(id, predictionId(), changed(id)));

    Ran ran = weir("feedback", MODEL, "--file", file.toString());

    assertThat(ran.code()).isEqualTo(ClientCode.REFUSED);
    assertThat(ran.out()).contains("accepted 2, forged 1").contains("line 4: ");
  }

  @Test
  void watch_untilTheEnd_tellsEachChangeOnceAndHowItEnded() throws Exception {
    assertThat(watched("abort"))
        .satisfies(ran -> {
          assertThat(ran.code()).isEqualTo(ClientCode.ROLLED_BACK);
          assertThat(ran.out().lines()).filteredOn(line -> line.contains("by hand")).hasSize(1);
        });
    assertThat(watched("advance"))
        .satisfies(ran -> {
          assertThat(ran.code()).isEqualTo(ClientCode.DONE);
          assertThat(ran.out()).contains("step 2 of 2 (100 %)");
        });
  }

  /** A rollout watched from its start until this command ends it. */
  private Ran watched(String command) throws Exception {
    assertThat(weir("rollout", "start", MODEL, "2", "--steps", "50,100").code()).isZero();
    StringWriter out = new StringWriter();
    URI address = URI.create(address(running.gateway().managementPort()));
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        RemoteGateway gateway = new RemoteGateway(address, "--management")) {
      RolloutWatch watch = new RolloutWatch(gateway, MODEL, new PrintWriter(out), false);
      Future<Integer> code = thread.submit(watch::run);
      while (!out.toString().contains("stepping")) {
        LockSupport.parkNanos(10_000_000);
      }
      assertThat(weir("rollout", command, MODEL).code()).isZero();
      return new Ran(code.get(60, TimeUnit.SECONDS), out.toString(), "");
    }
  }
}
