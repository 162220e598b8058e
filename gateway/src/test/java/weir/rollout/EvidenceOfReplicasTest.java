package weir.rollout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static weir.rollout.Replicas.BEGAN;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.experiment.CheckResult;
import weir.experiment.Look;
import weir.experiment.Verdict;
import weir.journal.FeedbackRow;
import weir.journal.FleetDatabase;
import weir.journal.Journal;
import weir.journal.JournalUnavailableException;
import weir.journal.PostgresJournal;
import weir.journal.SqliteJournal;
import weir.observation.GatewayMetrics;
import weir.rollout.Replicas.Request;

/** What replicas saw apart is worth what one would have made of it all, counted once. */
@Tag("alone")
class EvidenceOfReplicasTest {
  private static final double[] SHARES = {0.1, 0.3, 0.6};
  private static final int UNITS = 2_000;
  private static final int REQUESTS = 4_000;
  private static final int EXCHANGE_EVERY = 500;
  private static final double RELATIVE = 1e-9;
  private static final int ATTEMPTS_MAX = 20;
  private static final Duration LATER = Duration.ofHours(3);

  private final GatewayMetrics metrics = GatewayMetrics.create("0.1.0", InstantSource.system());
  private final SplittableRandom random = new SplittableRandom(7);
  @TempDir private @Nullable Path folder;
  private @Nullable Journal server;
  private @Nullable Journal file;

  @BeforeEach
  void open() {
    server =
        PostgresJournal.open(
            FleetDatabase.fresh(), Map.of(), InstantSource.system(), metrics.journal());
    file =
        SqliteJournal.open(
            requireNonNull(folder).resolve("journal.db"),
            InstantSource.system(),
            metrics.journal());
  }

  @AfterEach
  void close() {
    server().close();
    requireNonNull(file).close();
    metrics.close();
  }

  private Journal server() {
    return requireNonNull(server);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void look_threeReplicas_equalsThatOfOneThatSawAll(boolean sticky) {
    Replicas three = new Replicas(server(), sticky, 3);
    Replicas one = new Replicas(requireNonNull(file), sticky, 1);
    long[] units = random.longs(UNITS).toArray();

    int stable = 0;
    for (int step = 0; step < SHARES.length; step++) {
      three.step(step, SHARES[step]);
      one.step(step, SHARES[step]);
      for (int i = 1; i <= REQUESTS; i++) {
        long unit = sticky ? units[random.nextInt(UNITS)] : random.nextLong();
        Request request = request(unit, step);
        boolean counted = !Replicas.candidate(unit, SHARES[step]);
        stable += counted ? 1 : 0;
        three.serve(three.runs.get(random.nextInt(3)), request);
        one.serve(one.runs.getFirst(), request);
        if (i % 10 == 0) {
          reward(unit, step, i, three.generation());
        }
        if (i % EXCHANGE_EVERY == 0 || (counted && stable == Replicas.WARM_UP)) {
          three.exchange(BEGAN);
        }
      }
    }
    three.exchange(BEGAN.plus(LATER));
    one.exchange(BEGAN.plus(LATER));

    Look expected = one.runs.getFirst().look(BEGAN);
    assertThat(expected.checks())
        .allMatch(check -> check.stable().trials() > 0 && check.candidate().trials() > 0)
        .noneMatch(check -> check.verdict().words().contains("that tell what is slow"));
    for (ExperimentRun run : three.runs) {
      assertSame(run.look(BEGAN), expected);
    }
    ExperimentRun late = three.join("gateway-9");
    three.exchange(BEGAN.plus(LATER));
    assertSame(late.look(BEGAN), expected);
    ExperimentRun restarted = one.join("gateway-8");
    one.exchange(BEGAN.plus(LATER));
    assertSame(restarted.look(BEGAN), expected);
  }

  /**
   * A unit behaves alike within a step, so that it does not matter which of its requests counts.
   */
  private static Request request(long unit, int step) {
    SplittableRandom fate = new SplittableRandom(unit + step);
    boolean candidate = Replicas.candidate(unit, SHARES[step]);
    return new Request(
        unit,
        fate.nextDouble() < (candidate ? 0.05 : 0.03),
        Math.round(1e7 * Math.exp(fate.nextGaussian() / 2) * (candidate ? 1.1 : 1)),
        fate.nextGaussian());
  }

  private void reward(long unit, int step, int index, long generation) {
    FeedbackRow row =
        new FeedbackRow(
            "p" + step + "-" + index,
            "reward",
            Replicas.MODEL,
            Replicas.candidate(unit, SHARES[step]) ? "2" : "1",
            generation,
            0.5,
            BEGAN.plusMillis(step * 1_000_000L + index),
            unit,
            Double.NaN,
            "",
            5 + random.nextGaussian(),
            "",
            BEGAN);
    server().accept(List.of(row));
    requireNonNull(file).accept(List.of(row));
  }

  private static void assertSame(Look look, Look expected) {
    assertThat(look)
        .usingRecursiveComparison()
        .withComparatorForType(EvidenceOfReplicasTest::almost, Double.class)
        .isEqualTo(expected);
  }

  private static int almost(double one, double other) {
    double bound = RELATIVE * Math.max(1, Math.abs(other));
    return Double.compare(one, other) == 0 || Math.abs(one - other) <= bound ? 0 : 1;
  }

  @Test
  void exchange_unitThatFailsOnTwoReplicas_countsOnce() {
    Replicas two = new Replicas(server(), true, 2);
    two.step(0, 0.5);
    Request failing = new Request(1L << 20, true, 1_000, Double.NaN);

    two.runs.forEach(run -> two.serve(run, failing));
    two.exchange(BEGAN);

    CheckResult errors = Replicas.result(two.runs.getFirst().look(BEGAN), "errors");
    assertThat(errors.candidate().events()).isEqualTo(2);
    assertThat(errors.logEvidence()).isEqualTo(evidenceOfOneFailure());
    CheckResult traffic = Replicas.result(two.runs.getLast().look(BEGAN), CheckResult.TRAFFIC);
    assertThat(traffic.candidate().events()).isOne();
  }

  private double evidenceOfOneFailure() {
    Replicas one = new Replicas(requireNonNull(file), true, 1);
    one.step(0, 0.5);
    one.serve(one.runs.getFirst(), new Request(1L << 20, true, 1_000, Double.NaN));
    return Replicas.result(one.runs.getFirst().look(BEGAN), "errors").logEvidence();
  }

  @Test
  void look_replicaThatDiedAndOneWithItsName_keepsTheSumsOfBoth() {
    Replicas two = new Replicas(server(), true, 2);
    two.step(0, 0.5);
    failures(two, two.runs.getLast(), 10);
    two.exchange(BEGAN);
    two.runs.removeLast();

    ExperimentRun again = two.join("gateway-1");
    failures(two, again, 10);
    failures(two, again, 20);
    two.exchange(BEGAN);

    Verdict verdict = Replicas.result(two.runs.getFirst().look(BEGAN), "errors").verdict();
    assertThat(verdict.words()).startsWith("40 of 40 against 0 of 0");
    assertThat(Replicas.result(again.look(BEGAN), CheckResult.TRAFFIC).candidate().events())
        .isEqualTo(20);
  }

  private static void failures(Replicas replicas, ExperimentRun run, int units) {
    for (long unit = 0; unit < units; unit++) {
      replicas.serve(run, new Request(unit << 20, true, 1_000, Double.NaN));
    }
  }

  @Test
  @Timeout(120)
  void look_journalGone_countsWhatWaitsUntilTheJournalAnswers() {
    Replicas two = new Replicas(server(), true, 2);
    two.step(0, 0.5);
    failures(two, two.runs.getFirst(), 5);
    two.exchange(BEGAN);
    ExperimentRun cutOff = two.runs.getLast();
    failures(two, cutOff, 10);

    FleetDatabase.stop();
    try {
      assertThatExceptionOfType(JournalUnavailableException.class)
          .isThrownBy(() -> cutOff.exchange(BEGAN, false));
      assertThat(exposed(cutOff)).isEqualTo(5);
      two.nanos.addAndGet(Duration.ofSeconds(4).toNanos());
      assertThat(exposed(cutOff)).as("while nobody answers").isEqualTo(15);
    } finally {
      FleetDatabase.startAgain();
    }

    exchangeWhenBack(two);
    assertThat(exposed(cutOff)).as("once answered").isEqualTo(10);
  }

  private static void exchangeWhenBack(Replicas replicas) {
    for (int attempt = 1; attempt < ATTEMPTS_MAX; attempt++) {
      try {
        replicas.exchange(BEGAN);
        return;
      } catch (JournalUnavailableException e) {
        assertThat(e).hasMessageNotContaining("closed");
      }
    }
    replicas.exchange(BEGAN);
  }

  @Test
  void open_fileAfterARestart_countsAUnitsFirstsOnce() {
    Replicas file = new Replicas(requireNonNull(this.file), true, 1);
    file.step(0, 0.5);
    failures(file, file.runs.getFirst(), 10);
    file.exchange(BEGAN);
    CheckResult before = Replicas.result(file.runs.removeFirst().look(BEGAN), "errors");

    ExperimentRun restarted = file.join("gateway-7");
    failures(file, restarted, 10);

    CheckResult after = Replicas.result(restarted.look(BEGAN), "errors");
    assertThat(after.candidate().events()).isEqualTo(20);
    assertThat(after.logEvidence()).isEqualTo(before.logEvidence());
    assertThat(exposed(restarted)).isEqualTo(10);
  }

  private static long exposed(ExperimentRun run) {
    return Replicas.result(run.look(BEGAN), CheckResult.TRAFFIC).candidate().events();
  }

  @Test
  void forget_rolloutOver_removesWhatIsKeptAndExchangesNoMore() {
    Replicas one = new Replicas(server(), true, 1);
    one.step(0, 0.5);
    failures(one, one.runs.getFirst(), 3);
    one.exchange(BEGAN);
    assertThat(server().checkpoints("experiment/")).isNotEmpty();

    one.runs.getFirst().forget();
    failures(one, one.runs.getFirst(), 5);
    one.exchange(BEGAN);

    assertThat(server().checkpoints("experiment/")).isEmpty();
  }
}
