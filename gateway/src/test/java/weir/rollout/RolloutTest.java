package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.rollout.Looks.HARMFUL;
import static weir.rollout.Looks.INVALID;
import static weir.rollout.Looks.MISSING;
import static weir.rollout.Looks.PASSES;
import static weir.rollout.Looks.T0;
import static weir.rollout.Looks.check;
import static weir.rollout.Looks.guarded;
import static weir.rollout.Looks.look;
import static weir.rollout.Looks.plain;
import static weir.rollout.Looks.settings;
import static weir.rollout.Looks.terms;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import weir.experiment.Look;
import weir.experiment.ShadowLook;
import weir.experiment.Verdict;
import weir.rollout.Decision.Move;
import weir.rollout.Decision.Stay;
import weir.rollout.Decision.Would;
import weir.rollout.RolloutSettings.OnDrift;
import weir.rollout.RolloutState.AwaitingApproval;
import weir.rollout.RolloutState.Because;
import weir.rollout.RolloutState.Paused;
import weir.rollout.RolloutState.Promoted;
import weir.rollout.RolloutState.RolledBack;
import weir.rollout.RolloutState.Shadowing;
import weir.rollout.RolloutState.Stepping;

class RolloutTest {
  private static final Stepping FIRST = new Stepping(0, T0);
  private static final Stepping SECOND = new Stepping(1, T0);
  private static final Instant MIN = T0.plus(Duration.ofMinutes(10));
  private static final Instant MAX = T0.plus(Duration.ofHours(1));

  private static Decision next(RolloutState state, Look look, Instant now) {
    return Rollout.next(terms(plain()), state, look, now);
  }

  private static void assertRolledBack(Decision decision, Because because) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Move.class,
            move ->
                assertThat(move.to())
                    .isInstanceOfSatisfying(
                        RolledBack.class,
                        back -> {
                          assertThat(back.because()).isEqualTo(because);
                          assertThat(back.words()).isEqualTo(move.because());
                        }));
  }

  @Test
  void next_guardAndHarm_failedComesFirst() {
    Decision decision = next(SECOND, guarded(HARMFUL, INVALID), T0);

    assertRolledBack(decision, Because.FAILED);
    assertThat(decision.because())
        .isEqualTo("rolled back (failed) at step 2 of 3 (5 %): the last 20 answers failed");
  }

  @Test
  void next_harmAmongInvalidAndMissing_rollsBackWithItsNumbers() {
    Decision decision = next(FIRST, look(INVALID, MISSING, HARMFUL), T0);

    assertRolledBack(decision, Because.HARMFUL);
    assertThat(decision.because())
        .isEqualTo(
            "rolled back (harmful) at step 1 of 3 (1 %): errors (14 of 212 against 9 of 4,031)");
  }

  @Test
  void next_harmOfACheckThatDoesNotGate_isOnlyShown() {
    Look look = look(PASSES, check("score", false, new Verdict.Harmful("lower")));

    assertThat(next(FIRST, look, MIN)).extracting("to").isEqualTo(new Stepping(1, MIN));
  }

  @Test
  void next_invalidThoughAllElsePasses_holds() {
    assertThat(next(FIRST, look(PASSES, INVALID), MIN))
        .isEqualTo(
            new Stay(
                "step 1 of 3 (1 %) holds; not to be trusted: ratio (412 of 4,000 units where 200"
                    + " belong); passed: errors (at most 1.4 times)"));
  }

  @Test
  void next_allPassAtTheMinimum_advances() {
    assertThat(next(FIRST, look(PASSES), MIN.minusNanos(1)))
        .isEqualTo(
            new Stay(
                "step 1 of 3 (1 %) holds; 9m 59s of at least 10m are over; passed: errors (at most"
                    + " 1.4 times)"));
    assertThat(next(FIRST, look(PASSES), MIN))
        .isEqualTo(
            new Move(
                new Stepping(1, MIN),
                "step 1 of 3 (1 %); passed: errors (at most 1.4 times); goes on to 5 %"));
  }

  @Test
  void next_allPassAtTheLastStep_promotes() {
    assertThat(next(SECOND, look(PASSES), MIN)).extracting("to").isEqualTo(new Promoted(MIN));
  }

  @Test
  void next_oneMissing_holdsAndSaysWhatItLacks() {
    assertThat(next(FIRST, look(PASSES, MISSING), MIN))
        .isEqualTo(
            new Stay(
                "step 1 of 3 (1 %) holds; missing: p95 (needs about 700 more requests); passed:"
                    + " errors (at most 1.4 times)"));
  }

  @Test
  void next_noGatingCheck_isNoPass() {
    assertThat(next(FIRST, look(check("score", false, new Verdict.Passes(""))), MIN))
        .isEqualTo(new Stay("step 1 of 3 (1 %) holds; no check gates"));
  }

  @Test
  void next_maximumOver_endsInconclusiveUnlessAllPass() {
    assertThat(next(FIRST, look(MISSING), MAX.minusNanos(1))).isInstanceOf(Stay.class);
    assertRolledBack(next(FIRST, look(MISSING), MAX), Because.INCONCLUSIVE);
    assertRolledBack(next(FIRST, look(PASSES, INVALID), MAX), Because.INCONCLUSIVE);
    assertThat(next(FIRST, look(PASSES), MAX)).extracting("to").isEqualTo(new Stepping(1, MAX));
  }

  @Test
  void next_paused_neverAdvancesNorEndsButRollsBackHarm() {
    Paused paused = new Paused(FIRST, T0);

    assertThat(next(paused, look(PASSES), MAX)).isInstanceOf(Stay.class);
    assertThat(next(paused, look(MISSING), MAX)).isInstanceOf(Stay.class);
    assertRolledBack(next(paused, look(HARMFUL), T0), Because.HARMFUL);
    assertRolledBack(next(paused, guarded(), T0), Because.FAILED);
  }

  @Test
  void next_manualStep_waitsForAnApprovalBeyondTheMaximumButNotUnderHarm() {
    RolloutTerms terms = terms(settings(List.of(5.0), Duration.ZERO, false, OnDrift.IGNORE));
    AwaitingApproval waiting = new AwaitingApproval(1, MIN);

    assertThat(Rollout.next(terms, FIRST, look(PASSES), MIN)).extracting("to").isEqualTo(waiting);
    assertThat(Rollout.next(terms, waiting, look(MISSING), MAX.plus(Duration.ofDays(9))))
        .isEqualTo(
            new Stay(
                "step 1 of 3 (1 %) waits for an approval to go on to 5 %; missing: p95 (needs about"
                    + " 700 more requests)"));
    assertRolledBack(Rollout.next(terms, waiting, look(HARMFUL), MIN), Because.HARMFUL);
  }

  @Test
  void next_shadowing_endsAtItsTimeAndNotWithoutTrust() {
    Duration hour = Duration.ofHours(1);
    RolloutTerms terms = terms(settings(List.of(), hour, false, OnDrift.HOLD));
    Shadowing shadowing = new Shadowing(T0);
    Look copied = look().with(copies(Optional.empty(), Optional.empty()));

    assertThat(Rollout.next(terms, shadowing, copied, MAX.minusNanos(1)))
        .isEqualTo(new Stay("shadowing, 59m 59s of 1h are over; 120 copies, 0 failed"));
    assertThat(Rollout.next(terms, shadowing, copied, MAX))
        .extracting("to")
        .isEqualTo(new Stepping(0, MAX));
    List<String> drift = List.of("carat: PSI 0.31");
    assertThat(Rollout.next(terms, shadowing, copied, drift, MAX)).isInstanceOf(Stay.class);
    assertRolledBack(
        Rollout.next(terms, shadowing, copied, drift, MAX.plus(hour)), Because.INCONCLUSIVE);
    assertRolledBack(Rollout.next(terms, shadowing, guarded(), T0), Because.FAILED);
  }

  @Test
  void next_shadowingWithoutEnoughCopies_holdsUntilItIsInconclusive() {
    Duration hour = Duration.ofHours(1);
    RolloutTerms terms = terms(settings(List.of(), hour, false, OnDrift.IGNORE));
    Shadowing shadowing = new Shadowing(T0);
    Look starved = look().with(copies(Optional.empty(), Optional.of("7 of 100 copies")));

    assertThat(Rollout.next(terms, shadowing, starved, MAX))
        .isEqualTo(new Stay("shadowing holds; missing: 7 of 100 copies"));
    assertRolledBack(Rollout.next(terms, shadowing, starved, MAX.plus(hour)), Because.INCONCLUSIVE);
  }

  @Test
  void next_copiesThatFail_rollBackAtOnce() {
    RolloutTerms terms = terms(settings(List.of(), Duration.ofHours(1), false, OnDrift.IGNORE));
    Look failing = look().with(copies(Optional.of("the last 20 copies failed"), Optional.empty()));

    assertRolledBack(Rollout.next(terms, new Shadowing(T0), failing, T0), Because.FAILED);
  }

  private static ShadowLook copies(Optional<String> failing, Optional<String> missing) {
    return new ShadowLook(failing, missing, "120 copies, 0 failed");
  }

  @Test
  void next_drift_holdsOnlyWhereAsked() {
    List<String> drift = List.of("carat: PSI 0.31");
    RolloutTerms holding = terms(settings(List.of(), Duration.ZERO, false, OnDrift.HOLD));

    assertThat(Rollout.next(holding, FIRST, look(PASSES), drift, MIN))
        .isEqualTo(
            new Stay(
                "step 1 of 3 (1 %) holds; drift: carat: PSI 0.31; passed: errors (at most 1.4"
                    + " times)"));
    assertThat(Rollout.next(terms(plain()), FIRST, look(PASSES), drift, MIN))
        .isInstanceOf(Move.class);
  }

  @Test
  void next_dryRun_tellsEveryMoveAndTakesNone() {
    RolloutTerms dry = terms(settings(List.of(), Duration.ZERO, true, OnDrift.IGNORE));

    assertThat(Rollout.next(dry, FIRST, look(PASSES), MIN))
        .isEqualTo(
            new Would(
                new Stepping(1, MIN),
                "dry run, not done: step 1 of 3 (1 %); passed: errors (at most 1.4 times); goes on"
                    + " to 5 %"));
    for (Look harm : List.of(look(HARMFUL), guarded())) {
      assertThat(Rollout.next(dry, FIRST, harm, T0)).isInstanceOf(Would.class);
    }
    assertThat(Rollout.next(dry, FIRST, look(MISSING), MAX)).isInstanceOf(Would.class);
    assertThat(Rollout.next(dry, FIRST, look(MISSING), MIN)).isInstanceOf(Stay.class);
  }

  @Test
  void next_over_staysWhateverTheLook() {
    RolledBack back = new RolledBack(Because.ABORTED, "rolled back (aborted)", T0);

    assertThat(next(back, guarded(HARMFUL), MAX)).isEqualTo(new Stay("rolled back (aborted)"));
    assertThat(next(new Promoted(T0), guarded(HARMFUL), MAX)).isInstanceOf(Stay.class);
  }

  @Test
  void alerts_onlyHarm_wakesSomebody() {
    assertThat(List.of(Because.values()).stream().filter(Because::alerts))
        .containsExactly(Because.FAILED, Because.HARMFUL);
  }
}
