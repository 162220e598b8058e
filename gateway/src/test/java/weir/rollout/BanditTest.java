package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.journal.FeedbackRow;
import weir.routing.BanditTerms;
import weir.routing.RoutingPolicy;
import weir.routing.Share;

class BanditTest {
  private static final BanditTerms REWARD =
      new BanditTerms(
          BanditTerms.Goal.REWARD, 0.05, 100, Duration.ofMinutes(1), Duration.ofDays(7));

  @TempDir private Path folder;
  private int predictions;

  private static RoutingPolicy arms(String... versions) {
    return new RoutingPolicy.Bandit(
        List.of(versions).stream().map(version -> new Share(version, 1)).toList());
  }

  private ControlRig rig(BanditTerms terms, String... versions) {
    return configured(new ControlRig(folder.resolve("journal.db")), terms, versions);
  }

  private static ControlRig configured(ControlRig rig, BanditTerms terms, String... versions) {
    ModelPlan plan = ControlRig.planOf(arms(versions), ControlRig.STEPS);
    rig.control.configure(
        Map.of(
            ControlRig.MODEL,
            new ModelPlan(
                plan.route(), true, false, plan.experiment(), plan.rollout(), Optional.of(terms))));
    return rig;
  }

  /** Rewards of 1 and 0 for predictions made now. */
  private void rewards(ControlRig rig, String version, int ones, int of, double probability) {
    List<FeedbackRow> rows = new ArrayList<>();
    for (int i = 0; i < of; i++) {
      predictions++;
      rows.add(
          new FeedbackRow(
              "p" + predictions,
              "reward",
              ControlRig.MODEL,
              version,
              1,
              probability,
              rig.now(),
              predictions,
              Double.NaN,
              "",
              i < ones ? 1 : 0,
              "",
              rig.now()));
    }
    rig.journal.accept(rows);
  }

  private static ControlRig matured(ControlRig rig) {
    rig.passes(Duration.ofMinutes(61));
    return rig.tick();
  }

  @Test
  void tick_oneArmEarnsMore_getsAllButTheFloor() {
    try (ControlRig rig = rig(REWARD, "1", "2", "3")) {
      rig.passes(Duration.ofSeconds(1));
      rewards(rig, "1", 30, 300, 0.3);
      rewards(rig, "2", 90, 300, 0.3);
      rewards(rig, "3", 30, 300, 0.3);

      matured(rig);

      assertThat(rig.share("2")).isCloseTo(0.9, offset(0.001));
      assertThat(rig.share("1")).isCloseTo(0.05, offset(0.001));
      assertThat(rig.events()).containsExactly("configured", "bandit-moved");
      assertThat(rig.lastEvent().entry().why())
          .contains("version 1 5.0 % (mean 0.1 of 300)", "version 2 90.0 % (mean 0.3 of 300)");
    }
  }

  @Test
  void tick_costs_theCheaperArmGetsMore() {
    BanditTerms cost =
        new BanditTerms(
            BanditTerms.Goal.COST, 0.05, 100, Duration.ofMinutes(1), Duration.ofDays(7));
    try (ControlRig rig = rig(cost, "1", "2")) {
      rig.passes(Duration.ofSeconds(1));
      rewards(rig, "1", 30, 300, 0.5);
      rewards(rig, "2", 90, 300, 0.5);

      matured(rig);

      assertThat(rig.share("1")).isCloseTo(0.95, offset(0.001));
    }
  }

  @Test
  void tick_tooFewOrYoungOrPinnedOutcomes_sharesStay() {
    try (ControlRig rig = rig(REWARD, "1", "2")) {
      rig.passes(Duration.ofSeconds(1));
      rewards(rig, "1", 0, 300, 0.5);
      rewards(rig, "2", 99, 99, 0.5);
      rewards(rig, "2", 500, 500, 1);
      matured(rig);
      rewards(rig, "2", 500, 500, 0.5);
      rig.passes(Duration.ofMinutes(10));
      rig.tick();

      assertThat(rig.share("2")).isEqualTo(0.5);
      assertThat(rig.events()).containsExactly("configured");
    }
  }

  @Test
  void tick_movedJustNow_waitsForItsTime() {
    try (ControlRig rig = rig(REWARD, "1", "2")) {
      rig.passes(Duration.ofSeconds(1));
      rewards(rig, "1", 50, 100, 0.5);
      rewards(rig, "2", 60, 100, 0.5);
      matured(rig);
      double first = rig.share("2");
      rewards(rig, "1", 0, 500, 0.5);
      rig.passes(Duration.ofMinutes(61));
      rig.tick().tick();

      assertThat(first).isBetween(0.8, 0.94);
      assertThat(rig.share("2")).isCloseTo(0.95, offset(0.001));
      assertThat(rig.events()).containsExactly("configured", "bandit-moved", "bandit-moved");
    }
  }

  @Test
  void tick_armThatFails_isOutAtOnceThoughNothingCanBeRecorded() throws Exception {
    try (ControlRig rig = rig(REWARD, "1", "2")) {
      rig.requests(50, "none");
      try (AutoCloseable _ = rig.locked()) {
        rig.requests(100, "2");
        rig.control.tick();

        assertThat(rig.share("2")).isZero();
        assertThat(rig.share("1")).isEqualTo(1);
      }
      rig.tick();

      assertThat(rig.events()).containsExactly("configured", "bandit-arm-out");
      assertThat(rig.status().because()).startsWith("version 2 was taken out: ");
      rewards(rig, "2", 300, 300, 0.5);
      rewards(rig, "1", 0, 300, 0.5);
      matured(rig);
      assertThat(rig.share("2")).isZero();
    }
  }

  @Test
  void tick_armThatErrsMoreOften_isOutForHarm() {
    try (ControlRig rig = rig(REWARD, "1", "2", "3")) {
      for (int i = 0; i < 40 && rig.share("2") > 0; i++) {
        rig.requests(40, "none").requests(15, "2").tick();
      }

      assertThat(rig.events()).containsExactly("configured", "bandit-arm-out");
      assertThat(rig.lastEvent().entry().json()).contains("\"because\":\"harmful\"");
      assertThat(rig.share("3")).isCloseTo(1.0 / 3, offset(1e-9));
      assertThat(rig.share("1")).isCloseTo(2.0 / 3, offset(1e-9));
    }
  }

  @Test
  void open_afterARestart_sharesAndEarningsAreAsBefore() {
    try (ControlRig rig = rig(REWARD, "1", "2")) {
      rig.passes(Duration.ofSeconds(1));
      rewards(rig, "1", 10, 200, 0.5);
      rewards(rig, "2", 60, 200, 0.5);
      matured(rig);
      assertThat(rig.share("2")).isCloseTo(0.95, offset(0.001));
    }

    try (ControlRig again = rig(REWARD, "1", "2")) {
      again.passes(Duration.ofHours(2));
      again.tick().tick();

      assertThat(again.share("2")).isCloseTo(0.95, offset(0.001));
      assertThat(again.events()).containsExactly("configured", "bandit-moved");
      assertThat(again.status().words()).contains("version 2 95.0 % (mean 0.3 of 200)");
    }
  }

  @Test
  void start_rolloutDuringABandit_pausesItUntilTheEnd() {
    try (ControlRig rig = rig(REWARD, "1", "2")) {
      assertThat(rig.start()).isInstanceOf(CommandResult.Done.class);
      rig.tick();
      assertThat(rig.policy()).isInstanceOf(RoutingPolicy.Split.class);

      rig.command(new RolloutCommand.Abort());
      rig.tick();

      assertThat(rig.policy()).isInstanceOf(RoutingPolicy.Bandit.class);
      assertThat(rig.share("2")).isZero();
    }
  }
}
