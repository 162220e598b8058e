package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.ShadowAnswer;
import weir.routing.Shadow;

/** Rollouts whose candidate is a shadow first. */
class ShadowingTest {
  private static final Duration SHADOW = Duration.ofMinutes(5);
  private static final Answered PRICE =
      new Answered(List.of(Tensor.ofFloats("price", Shape.of(1), 7)), Source.MODEL, 1_000_000);
  private static final Answered OTHER_PRICE =
      new Answered(List.of(Tensor.ofFloats("price", Shape.of(1), 9)), Source.MODEL, 1_000_000);
  private static final Rejected FAILED = new Rejected(Reason.BACKEND_FAILED, "broken");

  @TempDir private Path folder;
  private ControlRig rig;

  @BeforeEach
  void start() {
    RolloutSettings steps = ControlRig.STEPS;
    rig =
        new ControlRig(folder.resolve("journal.db"))
            .configured(
                ControlRig.ONE,
                new RolloutSettings(
                    steps.steps(),
                    steps.stepMin(),
                    steps.stepMax(),
                    List.of(),
                    SHADOW,
                    false,
                    steps.onDrift()));
    assertThat(rig.start()).isInstanceOf(CommandResult.Done.class);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void copies(int count, InferenceResult got) {
    for (int i = 0; i < count; i++) {
      rig.shadows.compared(
          new ShadowAnswer(
              new Variant(ControlRig.MODEL, "2"),
              new Variant(ControlRig.MODEL, "1"),
              "p",
              "",
              PRICE,
              got,
              Optional.empty()));
    }
  }

  private RolloutState tickAfter(Duration time) {
    rig.passes(time);
    rig.tick();
    return rig.status().rollout().orElseThrow().state();
  }

  @Test
  void tick_copiesThatAnswerDifferently_goOnToTheFirstStepAndEnd() {
    assertThat(rig.route().shadows()).containsExactly(new Shadow("2", 1, false));
    assertThat(rig.share("2")).isZero();
    copies(150, OTHER_PRICE);

    assertThat(tickAfter(SHADOW.minusSeconds(1))).isInstanceOf(RolloutState.Shadowing.class);
    assertThat(tickAfter(Duration.ofSeconds(1))).isInstanceOf(RolloutState.Stepping.class);
    assertThat(rig.route().shadows()).isEmpty();
    assertThat(rig.share("2")).isEqualTo(0.2);
  }

  @Test
  void tick_copiesThatFail_rollBackBeforeAnyoneGotAnAnswer() {
    copies(20, FAILED);

    assertThat(tickAfter(Duration.ofSeconds(1)))
        .isInstanceOfSatisfying(
            RolloutState.RolledBack.class,
            back -> {
              assertThat(back.because()).isEqualTo(RolloutState.Because.FAILED);
              assertThat(back.words()).contains("the last 20 copies failed");
            });
    assertThat(rig.route().shadows()).isEmpty();
    assertThat(rig.share("2")).isZero();
  }

  @Test
  void tick_tooFewCopies_holdsAndThenIsInconclusive() {
    copies(99, PRICE);

    assertThat(tickAfter(SHADOW)).isInstanceOf(RolloutState.Shadowing.class);
    assertThat(rig.status().words()).contains("99 of 100 copies");
    assertThat(tickAfter(ControlRig.STEPS.stepMax()))
        .isInstanceOfSatisfying(
            RolloutState.RolledBack.class,
            back -> assertThat(back.because()).isEqualTo(RolloutState.Because.INCONCLUSIVE));
  }
}
