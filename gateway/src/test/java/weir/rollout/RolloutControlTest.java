package weir.rollout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.journal.JournalUnavailableException;
import weir.routing.RoutePlan;
import weir.routing.RoutingPolicy;

/** The control on a real journal: what it records, what it applies, and in which order. */
class RolloutControlTest {
  private static final Duration STEP_MIN = ControlRig.STEPS.stepMin();

  @TempDir private @Nullable Path folder;
  private @Nullable ControlRig opened;

  @BeforeEach
  void open() {
    opened = new ControlRig(file()).configured(ControlRig.ONE);
  }

  @AfterEach
  void close() {
    rig().close();
  }

  private Path file() {
    return requireNonNull(folder).resolve("journal.db");
  }

  private ControlRig rig() {
    return requireNonNull(opened);
  }

  @Test
  void configure_firstTime_recordsAndPublishesThePolicy() {
    assertThat(rig().events()).containsExactly("configured");
    assertThat(rig().policy()).isEqualTo(ControlRig.ONE);
    assertThat(rig().lastEvent().entry().actor()).isEqualTo("configuration");
  }

  @Test
  void configure_sameFileAgain_changesNothing() {
    RoutePlan before = rig().plan.current();

    rig().configured(ControlRig.ONE);

    assertThat(rig().plan.current()).isSameAs(before);
    assertThat(rig().events()).containsExactly("configured");
  }

  @Test
  void configure_sameFileAfterASplitByHand_leavesTheSplit() {
    assertThat(rig().split(90, 10)).isInstanceOf(CommandResult.Done.class);

    rig().configured(ControlRig.ONE);

    assertThat(rig().share("2")).isEqualTo(0.1);
    assertThat(rig().events()).containsExactly("configured", "split-set");
    assertThat(rig().lastEvent().entry().actor()).isEqualTo("ada");
    assertThat(rig().lastEvent().entry().why()).isEqualTo("because of a test");
  }

  @Test
  void tick_evidencePasses_stepsAndPromotes() {
    assertThat(rig().start()).isInstanceOf(CommandResult.Done.class);
    assertThat(rig().share("2")).isEqualTo(0.2);

    rig().tick();
    assertThat(rig().share("2")).describedAs("no data is no pass").isEqualTo(0.2);

    rig().requests(2_000, "none");
    rig().tick();
    assertThat(rig().share("2")).describedAs("the step is too young").isEqualTo(0.2);

    rig().passes(STEP_MIN);
    rig().tick();
    assertThat(rig().share("2")).isEqualTo(0.5);

    rig().requests(1_000, "none").passes(STEP_MIN);
    rig().tick();
    assertThat(rig().policy()).isEqualTo(new RoutingPolicy.Fixed("2"));
    assertThat(rig().events())
        .containsExactly("configured", "rollout-started", "rollout-stepped", "rollout-promoted");
    assertThat(rig().lastEvent().entry().actor()).isEqualTo("weir");
    assertThat(rig().told).hasSize(3);
  }

  @Test
  void requests_ofAFailingCandidate_wakeTheControlWhichRollsBack() {
    rig().start();

    rig().requests(400, "2");

    assertThat(rig().woken).hasValue(1);
    rig().tick();
    assertThat(rig().policy()).isEqualTo(ControlRig.ONE);
    assertThat(rig().lastEvent().entry().type()).isEqualTo("rollout-rolled-back");
    assertThat(rig().lastEvent().entry().why()).contains("the last 20 requests of version 2");
  }

  @Test
  void tick_failingCandidateAndNoJournal_rollsBackAtOnceAndRecordsLater() throws Exception {
    rig().start();
    rig().requests(400, "2");

    try (AutoCloseable _ = rig().locked()) {
      rig().tick();

      assertThat(rig().policy()).isEqualTo(ControlRig.ONE);
      assertThat(rig().status().unrecorded()).isEqualTo(1);
      assertThat(rig().status().words()).startsWith("in effect, not recorded yet");
      assertThat(rig().start())
          .describedAs("no growth before the rollback is in the journal")
          .isInstanceOf(CommandResult.Unavailable.class);
    }
    rig().tick();

    assertThat(rig().status().unrecorded()).isZero();
    assertThat(rig().events())
        .containsExactly("configured", "rollout-started", "rollout-rolled-back");
  }

  @Test
  void command_growthWithoutJournal_isNotAppliedAndTheCallerIsTold() throws Exception {
    try (AutoCloseable _ = rig().locked()) {
      assertThat(rig().split(90, 10))
          .isInstanceOfSatisfying(
              CommandResult.Unavailable.class,
              told -> assertThat(told.words()).startsWith("nothing was changed: "));
    }

    assertThat(rig().policy()).isEqualTo(ControlRig.ONE);
    assertThat(rig().events()).containsExactly("configured");
    assertThat(rig().split(90, 10)).isInstanceOf(CommandResult.Done.class);
  }

  @Test
  void tick_growthWithoutJournal_holdsAndSaysWhy() throws Exception {
    rig().start();
    rig().requests(2_000, "none").passes(STEP_MIN);

    try (AutoCloseable _ = rig().locked()) {
      rig().tick();

      assertThat(rig().share("2")).isEqualTo(0.2);
      assertThat(rig().status().words()).startsWith("holds, nothing can be recorded");
    }
    rig().tick();

    assertThat(rig().share("2")).isEqualTo(0.5);
  }

  @Test
  void command_abortWithoutJournal_isInEffectAndSaysSo() throws Exception {
    rig().start();

    try (AutoCloseable _ = rig().locked()) {
      assertThat(rig().command(new RolloutCommand.Abort()))
          .isInstanceOfSatisfying(
              CommandResult.Unavailable.class,
              told -> assertThat(told.words()).startsWith("in effect, but not recorded yet"));
      assertThat(rig().policy()).isEqualTo(ControlRig.ONE);
    }
    rig().tick();

    assertThat(rig().lastEvent().entry().type()).isEqualTo("rollout-rolled-back");
    assertThat(rig().lastEvent().entry().actor()).isEqualTo("ada");
  }

  @Test
  void configure_changedPolicyWithoutJournal_publishesNothing() throws Exception {
    RoutePlan before = rig().plan.current();

    try (AutoCloseable _ = rig().locked()) {
      assertThatThrownBy(() -> rig().configured(new RoutingPolicy.Fixed("2")))
          .isInstanceOf(JournalUnavailableException.class);
    }

    assertThat(rig().plan.current()).isSameAs(before);
  }

  @Test
  void start_twoControlsOnOneFile_exactlyOneWinsAndTheOtherTakesItIn() {
    try (ControlRig other = new ControlRig(file()).configured(ControlRig.ONE)) {
      assertThat(rig().start()).isInstanceOf(CommandResult.Done.class);

      assertThat(other.start())
          .isInstanceOfSatisfying(
              CommandResult.Refused.class,
              told -> assertThat(told.words()).contains("a rollout of version 2 is under way"));

      assertThat(other.route()).isEqualTo(rig().route());
      assertThat(other.events()).containsExactly("configured", "rollout-started");
    }
  }

  @Test
  void tick_rolledBackHereAndPausedThere_bothEndAtTheStableVersion() throws Exception {
    rig().start();
    try (ControlRig other = new ControlRig(file()).configured(ControlRig.ONE)) {
      assertThat(other.command(new RolloutCommand.Pause())).isInstanceOf(CommandResult.Done.class);
      rig().requests(400, "2");
      rig().tick();

      assertThat(rig().policy()).isEqualTo(ControlRig.ONE);
      assertThat(rig().events())
          .containsExactly(
              "configured", "rollout-started", "rollout-paused", "rollout-rolled-back");
      assertThat(other.command(new RolloutCommand.Resume()))
          .isInstanceOf(CommandResult.Refused.class);
      assertThat(other.policy()).isEqualTo(ControlRig.ONE);
    }
  }

  @Test
  void configure_whileARollbackWaitsForTheJournal_recordsThatFirst() throws Exception {
    rig().start();
    rig().requests(400, "2");
    try (AutoCloseable _ = rig().locked()) {
      rig().tick();
    }

    rig().configured(new RoutingPolicy.Fixed("3"));

    assertThat(rig().events())
        .containsExactly("configured", "rollout-started", "rollout-rolled-back", "configured");
    try (ControlRig again = new ControlRig(file()).configured(new RoutingPolicy.Fixed("3"))) {
      assertThat(again.route()).isEqualTo(rig().route());
    }
  }

  @Test
  void open_again_hasTheSameRouteAndTheSameEvidence() {
    rig().start();
    rig().requests(700, "none").passes(Duration.ofSeconds(2));
    rig().tick();
    String before = rig().evidence();

    try (ControlRig again = new ControlRig(file())) {
      again.passes(Duration.ofSeconds(2));
      again.configured(ControlRig.ONE);
      again.tick();

      assertThat(again.route()).isEqualTo(rig().route());
      assertThat(again.evidence()).isEqualTo(before);
      assertThat(again.plan.current()).isEqualTo(rig().plan.current());
    }
  }

  @Test
  void tick_dryRun_tellsAndMovesNothing() {
    RolloutSettings dry =
        new RolloutSettings(
            ControlRig.STEPS.steps(),
            STEP_MIN,
            ControlRig.STEPS.stepMax(),
            List.of(),
            Duration.ZERO,
            true,
            RolloutSettings.OnDrift.IGNORE);
    rig().configured(ControlRig.ONE, dry);
    rig().start();
    rig().requests(400, "2");

    rig().tick();

    assertThat(rig().share("2")).isEqualTo(0.2);
    assertThat(rig().status().words()).startsWith("dry run, not done: rolled back (failed)");
    assertThat(rig().events()).containsExactly("configured", "rollout-started");
  }

  @Test
  void command_staleRevision_changesNothing() {
    rig().split(90, 10);

    CommandResult stale =
        rig()
            .control
            .command(
                ControlRig.MODEL,
                new RolloutCommand.Abort(),
                new RolloutControl.Asked("ada", "", OptionalLong.of(1)));

    assertThat(stale)
        .isEqualTo(new CommandResult.Stale("model price is at revision 2, not 1; look again", 2));
  }
}
