package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.rollout.Looks.HARMFUL;
import static weir.rollout.Looks.MISSING;
import static weir.rollout.Looks.PASSES;
import static weir.rollout.Looks.T0;
import static weir.rollout.Looks.guarded;
import static weir.rollout.Looks.look;
import static weir.rollout.Looks.plain;
import static weir.rollout.Looks.terms;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.experiment.Look;
import weir.rollout.RolloutCommand.Advance;
import weir.rollout.RolloutCommand.Answer.Accepted;
import weir.rollout.RolloutCommand.Answer.Refused;
import weir.rollout.RolloutState.Because;
import weir.routing.RoutingPolicy;

class CommandDeskTest {
  private static final RoutingPolicy ONE = new RoutingPolicy.Fixed("1");
  private static final RoutingPolicy TWO = new RoutingPolicy.Fixed("2");
  private static final Instant LATER = T0.plus(Duration.ofMinutes(3));
  private static final ModelHistory IDLE = ModelHistory.of(ONE);
  private static final ModelHistory FIRST =
      IDLE.after(new RolloutEvent.Started(terms(plain()), T0));
  private static final ModelHistory SECOND = FIRST.after(new RolloutEvent.Stepped("r1", 1, T0, ""));
  private static final ModelHistory PAUSED = SECOND.after(new RolloutEvent.Paused("r1", T0));
  private static final ModelHistory OVER =
      SECOND.after(new RolloutEvent.RolledBack("r1", Because.HARMFUL, "errors", T0));

  private static RolloutCommand.Answer answer(ModelHistory history, RolloutCommand command) {
    return CommandDesk.answer(history, command, LATER);
  }

  private static void assertAccepted(RolloutCommand.Answer answer, RolloutEvent event) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Accepted.class, accepted -> assertThat(accepted.events()).containsExactly(event));
  }

  @Test
  void setSplit_duringARollout_isRefusedPausedToo() {
    for (ModelHistory history : List.of(SECOND, PAUSED)) {
      assertThat(answer(history, new RolloutCommand.SetSplit(TWO)))
          .isEqualTo(
              new Refused(
                  "a rollout of version 2 is under way at 5 %; pause does not free the split: abort"
                      + " it first, or let it end"));
    }
    assertAccepted(answer(OVER, new RolloutCommand.SetSplit(TWO)), new RolloutEvent.SplitSet(TWO));
  }

  @Test
  void start_stableWithTraffic_startsOneRolloutAtATime() {
    assertAccepted(
        answer(IDLE, new RolloutCommand.Start(terms(plain()))),
        new RolloutEvent.Started(terms(plain()), LATER));
    assertThat(answer(OVER, new RolloutCommand.Start(terms(plain()))).words())
        .isEqualTo(
            "rollout r1 of version 2 against version 1 starts at 1 %; no other version gets a share;"
                + " it was rolled back for harm before");
    assertThat(answer(FIRST, new RolloutCommand.Start(terms(plain()))))
        .isEqualTo(
            new Refused(
                "a rollout of version 2 is under way at 1 %; abort it first, or let it end"));
    assertThat(answer(ModelHistory.of(TWO), new RolloutCommand.Start(terms(plain()))))
        .isEqualTo(
            new Refused(
                "version 1 gets no traffic now: it cannot be the stable version of a rollout"));
  }

  @Test
  void pauseAndResume_inTheirStates_areAccepted() {
    assertAccepted(answer(FIRST, new RolloutCommand.Pause()), new RolloutEvent.Paused("r1", LATER));
    assertAccepted(
        answer(PAUSED, new RolloutCommand.Resume()), new RolloutEvent.Resumed("r1", LATER));
    assertThat(answer(PAUSED, new RolloutCommand.Pause()))
        .isEqualTo(new Accepted(List.of(), "is paused already"));
    assertThat(answer(FIRST, new RolloutCommand.Resume()))
        .isEqualTo(new Refused("the rollout is not paused"));
  }

  @Test
  void advance_withoutHarm_forcesTheNextStepAndSaysWhatWasMissing() {
    String words = "by hand to step 2 of 3 (5 %); missing: p95 (needs about 700 more requests)";

    assertAccepted(
        answer(FIRST, new Advance(look(MISSING))),
        new RolloutEvent.Approved("r1", 1, LATER, words));
  }

  @Test
  void advance_atTheLastStepOrWaiting_approvesTheNextOne() {
    ModelHistory waiting = FIRST.after(new RolloutEvent.ApprovalAwaited("r1", 2, T0, ""));
    for (ModelHistory history : List.of(SECOND, waiting)) {
      RolloutEvent event =
          new RolloutEvent.Approved(
              "r1", 2, LATER, "by hand to step 3 of 3 (100 %); passed: errors (at most 1.4 times)");

      assertAccepted(answer(history, new Advance(look(PASSES))), event);
      assertThat(history.after(event).policy()).isEqualTo(TWO);
    }
  }

  @Test
  void advance_harmOrPause_isRefused() {
    for (Look harm : List.of(look(PASSES, HARMFUL), guarded())) {
      assertThat(answer(FIRST, new Advance(harm)).words())
          .startsWith("not advanced, the candidate does harm: ");
    }
    assertThat(answer(PAUSED, new Advance(look(PASSES))))
        .isEqualTo(new Refused("the rollout is paused: resume it first"));
  }

  @Test
  void abort_anyRunningState_rollsBack() {
    assertAccepted(
        answer(PAUSED, new RolloutCommand.Abort()),
        new RolloutEvent.RolledBack(
            "r1", Because.ABORTED, "rolled back (aborted) at step 2 of 3 (5 %): by hand", LATER));
  }

  @Test
  void commands_withoutARollout_areRefusedWithTheLastOnesEnd() {
    for (RolloutCommand command :
        List.of(
            new RolloutCommand.Pause(),
            new RolloutCommand.Resume(),
            new RolloutCommand.Abort(),
            new Advance(look(PASSES)))) {
      assertThat(answer(IDLE, command)).isEqualTo(new Refused("no rollout is under way"));
      assertThat(answer(OVER, command))
          .isEqualTo(
              new Refused(
                  "no rollout is under way; the last one, of version 2, is rolled back"
                      + " (harmful)"));
    }
  }

  @Test
  void configure_changedOnly_isAnEvent() {
    assertThat(answer(IDLE, new RolloutCommand.Configure(ONE)))
        .isEqualTo(new Accepted(List.of(), "the configured policy is the same as before"));
    assertThat(answer(FIRST, new RolloutCommand.Configure(TWO)))
        .isEqualTo(
            new Accepted(
                List.of(new RolloutEvent.Configured(TWO)),
                "a rollout of version 2 is under way at 1 %; the configured policy takes effect"
                    + " when it ends"));
    ModelHistory changed = FIRST.after(new RolloutEvent.Configured(TWO));
    assertThat(answer(changed, new RolloutCommand.Configure(ONE)).words())
        .isEqualTo(
            "a rollout of version 2 is under way at 1 %; the configured policy is again the one"
                + " from before it");
  }
}
