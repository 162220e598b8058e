package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.rollout.Looks.T0;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.experiment.ExperimentSettings;
import weir.experiment.ShadowComparisons;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.journal.Journal;
import weir.journal.SqliteJournal;
import weir.observation.GatewayMetrics;
import weir.observation.Observation;
import weir.observation.Outcome;
import weir.rollout.RolloutControl.Asked;
import weir.routing.Assignment;
import weir.routing.Because;
import weir.routing.LivePlan;
import weir.routing.ModelRoute;
import weir.routing.RoutePlan;
import weir.routing.RoutingPolicy;
import weir.routing.Stickiness;

/** What a scrape says of a rollout, over a real control and journal with a clock of our own. */
class RolloutGaugesTest {
  private static final Asked BY_HAND = new Asked("ann", "", OptionalLong.empty());
  private static final long MILLI = Duration.ofMillis(1).toNanos();

  @TempDir Path folder;

  private final TestClock clock = new TestClock();
  private final GatewayMetrics metrics = GatewayMetrics.create("0.1.0", clock);
  private final LivePlan plan = new LivePlan(new RoutePlan(0, Map.of()));
  private Journal journal;
  private RolloutControl control;

  /** Stands still until it is moved. */
  private static final class TestClock extends Clock {
    private Instant now = T0;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void open() {
    journal = SqliteJournal.open(folder.resolve("journal.db"), clock, metrics.journal());
    control = control(metrics);
  }

  private RolloutControl control(GatewayMetrics shown) {
    RolloutControl made =
        RolloutControl.create(
            new RolloutControl.Around(
                plan,
                journal,
                _ -> {},
                _ -> {},
                (_, _) -> List.of(),
                new ShadowComparisons(metrics.shadow(), clock),
                shown.rollout(),
                "replica",
                clock,
                () -> clock.instant().toEpochMilli() * MILLI),
            new RolloutControl.Wake(() -> {}, () -> {}));
    made.configure(
        Map.of(
            "m",
            new ModelPlan(
                new ModelRoute(
                    "salt", new Stickiness.None(), List.of(), new RoutingPolicy.Fixed("1")),
                true,
                false,
                ExperimentSettings.defaults(),
                new RolloutSettings(
                    List.of(10.0, 50.0, 100.0),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    List.of(),
                    Duration.ZERO,
                    false,
                    RolloutSettings.OnDrift.IGNORE))));
    return made;
  }

  @AfterEach
  void close() throws Exception {
    journal.close();
    metrics.close();
  }

  @Test
  void tick_rolloutStarted_showsPhaseStepAndTimes() {
    start();
    passed(Duration.ofMinutes(1));

    assertThat(shown(metrics, "weir_rollout_phase"))
        .hasSize(9)
        .contains("{model=\"m\",phase=\"stepping\",variant=\"2\"} 1.0")
        .contains("{model=\"m\",phase=\"paused\",variant=\"2\"} 0.0");
    assertThat(shown(metrics, "weir_rollout_step"))
        .containsExactly("{model=\"m\",variant=\"2\"} 0.0");
    assertThat(timestamps(metrics, "weir_rollout_step_started_timestamp_seconds", ""))
        .containsExactly(T0);
    assertThat(timestamps(metrics, "weir_rollout_last_change_timestamp_seconds", "started"))
        .containsExactly(T0);
    assertThat(shown(metrics, "weir_rollout_last_change_timestamp_seconds")).hasSize(1);
  }

  @Test
  void tick_rolloutPausedAndResumed_movesTheStepOnByThePause() {
    start();
    passed(Duration.ofMinutes(1));
    control.command("m", new RolloutCommand.Pause(), BY_HAND);
    passed(Duration.ofMinutes(5));
    control.command("m", new RolloutCommand.Resume(), BY_HAND);
    passed(Duration.ofMinutes(1));

    assertThat(timestamps(metrics, "weir_rollout_step_started_timestamp_seconds", ""))
        .containsExactly(T0.plus(Duration.ofMinutes(5)));
    assertThat(timestamps(metrics, "weir_rollout_last_change_timestamp_seconds", "paused"))
        .containsExactly(T0.plus(Duration.ofMinutes(1)));
    assertThat(timestamps(metrics, "weir_rollout_last_change_timestamp_seconds", "resumed"))
        .containsExactly(T0.plus(Duration.ofMinutes(6)));
  }

  @Test
  void tick_measuredTraffic_showsEvidenceOfBothArms() {
    start();
    traffic(900, 100, Outcome.of(Source.MODEL));
    passed(Duration.ofSeconds(1));

    assertThat(shown(metrics, "weir_experiment_samples"))
        .contains("{metric=\"errors\",model=\"m\",variant=\"1\"} 900.0")
        .contains("{metric=\"invalid_outputs\",model=\"m\",variant=\"2\"} 100.0");
    assertThat(shown(metrics, "weir_experiment_evalue"))
        .hasSize(5)
        .allMatch(line -> line.contains("variant=\"2\"} 1.0"));
    assertThat(shown(metrics, "weir_experiment_evalue_decisive"))
        .as("errors, invalid outputs and two latencies share alpha 0.01")
        .containsExactly("{model=\"m\",variant=\"2\"} 400.0");
    assertThat(shown(metrics, "weir_rollout_check_verdict"))
        .contains("{check=\"errors\",model=\"m\",variant=\"2\"} 0.0")
        .contains("{check=\"traffic_split\",model=\"m\",variant=\"2\"} 1.0");
    assertThat(shown(metrics, "weir_rollout_check_value"))
        .as("no error yet: the ratio is not bounded")
        .noneMatch(line -> line.contains("errors"));
    assertThat(shown(metrics, "weir_experiment_latency_seconds"))
        .contains("{model=\"m\",percentile=\"p50\",variant=\"1\"} 0.003");
    assertThat(shown(metrics, "weir_experiment_error_ratio"))
        .contains("{model=\"m\",variant=\"2\"} 0.0");
  }

  @Test
  void tick_candidateDoesHarm_keepsTheEvidenceAfterTheEndUntilTheNextRollout() {
    start();
    traffic(900, 100, Outcome.of(Source.MODEL));
    traffic(0, 100, Outcome.of(Reason.BACKEND_FAILED));
    passed(Duration.ofSeconds(1));
    passed(Duration.ofSeconds(1));

    assertThat(shown(metrics, "weir_rollout_phase"))
        .contains("{model=\"m\",phase=\"harmful\",variant=\"2\"} 1.0")
        .contains("{model=\"m\",phase=\"stepping\",variant=\"2\"} 0.0");
    assertThat(shown(metrics, "weir_rollout_step"))
        .containsExactly("{model=\"m\",variant=\"2\"} 0.0");
    assertThat(timestamps(metrics, "weir_rollout_last_change_timestamp_seconds", "rolled_back"))
        .hasSize(1);
    assertThat(shown(metrics, "weir_rollout_check_verdict"))
        .contains("{check=\"errors\",model=\"m\",variant=\"2\"} 2.0");

    control.start("m", "3", _ -> Optional.empty(), BY_HAND);
    passed(Duration.ofSeconds(1));

    assertThat(shown(metrics, "weir_rollout_phase"))
        .hasSize(9)
        .contains("{model=\"m\",phase=\"stepping\",variant=\"3\"} 1.0");
    assertThat(shown(metrics, "weir_rollout_check_verdict"))
        .noneMatch(line -> line.contains("} 2.0"));
  }

  @Test
  void configure_afterARestart_showsTheWayOfTheEndedRollout() {
    start();
    passed(Duration.ofMinutes(1));
    control.command("m", new RolloutCommand.Advance(control.look("m")), BY_HAND);
    passed(Duration.ofMinutes(1));
    control.command("m", new RolloutCommand.Abort(), BY_HAND);
    try (GatewayMetrics later = GatewayMetrics.create("0.1.0", clock)) {
      control(later).tick();

      assertThat(shown(later, "weir_rollout_phase"))
          .contains("{model=\"m\",phase=\"aborted\",variant=\"2\"} 1.0");
      assertThat(shown(later, "weir_rollout_step"))
          .containsExactly("{model=\"m\",variant=\"2\"} 1.0");
      assertThat(timestamps(later, "weir_rollout_last_change_timestamp_seconds", "stepped"))
          .containsExactly(T0.plus(Duration.ofMinutes(1)));
      assertThat(shown(later, "weir_rollout_check_verdict")).isEmpty();
    }
  }

  @Test
  void configure_modelGone_removesItsSeries() {
    start();
    passed(Duration.ofSeconds(1));

    control.configure(Map.of());

    assertThat(metrics.scrape("").body()).doesNotContain("weir_rollout_phase{");
  }

  private void start() {
    assertThat(control.start("m", "2", _ -> Optional.empty(), BY_HAND))
        .isInstanceOf(CommandResult.Done.class);
  }

  private void passed(Duration time) {
    clock.now = clock.now.plus(time);
    control.exchange();
    control.tick();
    control.exchange();
  }

  private long generation() {
    return plan.current().models().values().iterator().next().generation();
  }

  private void traffic(int stable, int candidate, Outcome outcome) {
    for (int i = 0; i < stable + candidate; i++) {
      String version = i < stable ? "1" : "2";
      Assignment assignment =
          new Assignment(version, version.equals("2") ? 0.1 : 0.9, generation(), Because.SPLIT, i);
      long token = control.began("m", assignment, (_, _, _) -> true);
      control.ended(
          token,
          new Observation(
              new Variant("m", version), assignment, true, outcome, 3 * MILLI, MILLI, 0.5, ""));
    }
  }

  /** The series of that name, each as its labels and value. */
  private static List<String> shown(GatewayMetrics of, String metric) {
    return of.scrape("")
        .body()
        .lines()
        .filter(line -> line.startsWith(metric + "{"))
        .map(line -> line.substring(metric.length()))
        .toList();
  }

  private static List<Instant> timestamps(GatewayMetrics of, String metric, String event) {
    return shown(of, metric).stream()
        .filter(line -> line.contains(event))
        .map(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .map(seconds -> Instant.ofEpochMilli(Math.round(seconds * 1000)))
        .toList();
  }
}
