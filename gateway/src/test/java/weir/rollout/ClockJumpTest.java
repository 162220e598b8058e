package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock an hour ahead or back, in the middle of a rollout. */
class ClockJumpTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path folder;

  private ControlRig started() {
    ControlRig rig = new ControlRig(folder.resolve("journal.db")).configured(ControlRig.ONE);
    rig.start();
    return rig;
  }

  @Test
  void tick_clockAnHourAhead_growsNothingWithoutEvidence() {
    try (ControlRig rig = started()) {
      rig.passes(HOUR);
      rig.tick();

      // A step that seems to have waited its longest time ends at the stable version.
      assertThat(rig.share("2")).isLessThanOrEqualTo(0.2);
      assertThat(rig.events()).doesNotContain("rollout-stepped", "rollout-promoted");
    }
  }

  @Test
  void tick_clockAnHourBack_stillTakesAFailingCandidateBackAtOnce() {
    try (ControlRig rig = started()) {
      rig.passes(HOUR.negated());
      rig.requests(400, "2");
      rig.tick();

      assertThat(rig.policy()).isEqualTo(ControlRig.ONE);
      assertThat(rig.events()).last().isEqualTo("rollout-rolled-back");
    }
  }

  @Test
  void tick_clockAnHourBackAndRightAgain_holdsAndThenSteps() {
    try (ControlRig rig = started()) {
      rig.requests(2_000, "none");
      rig.passes(HOUR.negated());
      rig.tick();
      assertThat(rig.share("2")).describedAs("held while the step seems young").isEqualTo(0.2);

      rig.passes(HOUR);
      rig.passes(ControlRig.STEPS.stepMin());
      rig.tick();
      assertThat(rig.share("2")).isEqualTo(0.5);
    }
  }

  @Test
  void open_clockAnHourBack_hasTheSamePolicy() {
    try (ControlRig rig = new ControlRig(folder.resolve("journal.db")).configured(ControlRig.ONE)) {
      rig.passes(HOUR);
      rig.split(90, 10);
    }
    // A new rig begins at the old hour.
    try (ControlRig again =
        new ControlRig(folder.resolve("journal.db")).configured(ControlRig.ONE)) {
      assertThat(again.share("2")).isEqualTo(0.1);
    }
  }
}
