package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static weir.rollout.Looks.T0;
import static weir.rollout.Looks.plain;
import static weir.rollout.Looks.terms;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import weir.rollout.RolloutEvent.Configured;
import weir.rollout.RolloutEvent.RolledBack;
import weir.rollout.RolloutEvent.SplitSet;
import weir.rollout.RolloutEvent.Started;
import weir.rollout.RolloutEvent.Stepped;
import weir.rollout.RolloutState.Because;
import weir.routing.MatchRule;
import weir.routing.ModelRoute;
import weir.routing.RoutingPolicy;
import weir.routing.Share;
import weir.routing.Stickiness;

class ModelHistoryTest {
  private static final RoutingPolicy ONE = new RoutingPolicy.Fixed("1");
  private static final RoutingPolicy HALF = split(new Share("1", 50), new Share("2", 50));
  private static final RoutingPolicy THREE =
      split(new Share("3", 20), new Share("2", 30), new Share("1", 50));
  private static final RolloutEvent STARTED = new Started(terms(plain()), T0);
  private static final RolloutEvent HARMED = new RolledBack("r1", Because.HARMFUL, "errors", T0);
  private static final RolloutEvent ABORTED = new RolledBack("r1", Because.ABORTED, "by hand", T0);
  private static final RolloutEvent PROMOTED = new RolloutEvent.Promoted("r1", T0, "");
  private static final ModelRoute ROUTE =
      new ModelRoute(
          "m",
          new Stickiness.ByHeader("x-user-id"),
          List.of(
              new MatchRule.UnitIn(Set.of("ann"), "2"), new MatchRule.UnitIn(Set.of("bo"), "1")),
          ONE);

  private static RoutingPolicy split(Share... shares) {
    return new RoutingPolicy.Split(List.of(shares));
  }

  private static ModelHistory history(RoutingPolicy configured, RolloutEvent... events) {
    ModelHistory history = ModelHistory.of(configured);
    for (RolloutEvent event : events) {
      history = history.after(event);
    }
    return history;
  }

  @Test
  void policy_duringARollout_isStableThenCandidateUnderItsOwnSalt() {
    ModelHistory history = history(THREE, STARTED);

    assertThat(history.route(ROUTE))
        .isEqualTo(
            ROUTE.withSalt("salt-1").withPolicy(split(new Share("1", 99), new Share("2", 1))));
    assertThat(history.after(new Stepped("r1", 1, T0, "")).candidateShare()).isEqualTo(0.05);
  }

  @Test
  void policy_shadowing_givesTheCandidateNothing() {
    RolloutSettings shadowed =
        Looks.settings(List.of(), Duration.ofHours(1), false, RolloutSettings.OnDrift.IGNORE);

    assertThat(history(HALF, new Started(terms(shadowed), T0)).policy()).isEqualTo(ONE);
  }

  @Test
  void splitSet_thenConfiguration_theLaterHolds() {
    assertThat(history(ONE, new SplitSet(HALF)).policy()).isEqualTo(HALF);
    assertThat(history(ONE, new SplitSet(HALF), new Configured(ONE)).policy()).isEqualTo(HALF);
    assertThat(history(ONE, new SplitSet(HALF), new Configured(THREE)).policy()).isEqualTo(THREE);
  }

  @Test
  void promoted_nothingConfiguredMeanwhile_givesTheCandidateAll() {
    ModelHistory history = history(ONE, STARTED, PROMOTED);

    assertThat(history.policy()).isEqualTo(new RoutingPolicy.Fixed("2"));
    assertThat(history.route(ROUTE).salt()).isEqualTo("m");
    assertThat(history.after(new Configured(ONE)).policy()).isEqualTo(new RoutingPolicy.Fixed("2"));
  }

  @Test
  void promoted_configuredMeanwhile_theConfigurationHoldsAndSaysSo() {
    ModelHistory during = history(ONE, STARTED, new Configured(THREE));

    assertThat(during.configurationWaits()).isTrue();
    assertThat(during.candidateShare()).isEqualTo(0.01);
    assertThat(during.after(PROMOTED).policy()).isEqualTo(THREE);
    assertThat(during.after(PROMOTED).because())
        .isEqualTo("as configured during rollout r1, which promoted version 2; it gets 30 %");
  }

  @Test
  void configured_thereAndBackDuringARollout_isNoChange() {
    ModelHistory history =
        history(ONE, STARTED, new Configured(THREE), new Configured(ONE), PROMOTED);

    assertThat(history.policy()).isEqualTo(new RoutingPolicy.Fixed("2"));
  }

  @Test
  void rolledBack_fromAnyBase_givesTheCandidatesShareToTheStable() {
    assertThat(history(ONE, STARTED, HARMED).policy()).isEqualTo(ONE);
    assertThat(history(HALF, STARTED, HARMED).policy()).isEqualTo(ONE);
    assertThat(history(THREE, STARTED, ABORTED).policy())
        .isEqualTo(split(new Share("3", 20), new Share("1", 80)));
    assertThat(
            history(ONE, STARTED, new Configured(new RoutingPolicy.Fixed("2")), ABORTED).policy())
        .isEqualTo(ONE);
    assertThat(
            history(
                    ONE,
                    STARTED,
                    new Configured(split(new Share("2", 1), new Share("3", 1))),
                    HARMED)
                .policy())
        .isEqualTo(split(new Share("1", 1), new Share("3", 1)));
  }

  @Test
  void rolledBack_words_sayWhatBecameOfTheConfiguredShare() {
    assertThat(history(ONE, STARTED, new Configured(HALF), HARMED).because())
        .isEqualTo(
            "as configured during the rollout, with version 2's share given to version 1: rollout"
                + " r1 was rolled back (harmful)");
  }

  @Test
  void rolledBack_forHarm_closesTheMatchRulesUntilConfiguredOrSetByHand() {
    ModelHistory harmed = history(ONE, STARTED, HARMED);
    MatchRule toStable = ROUTE.matches().getLast();

    assertThat(harmed.route(ROUTE).matches()).containsExactly(toStable);
    assertThat(harmed.after(new SplitSet(ONE)).route(ROUTE).matches()).containsExactly(toStable);
    assertThat(harmed.after(new SplitSet(HALF)).route(ROUTE)).isEqualTo(ROUTE.withPolicy(HALF));
    assertThat(harmed.after(new Configured(HALF)).route(ROUTE)).isEqualTo(ROUTE.withPolicy(HALF));
    assertThat(harmed.after(STARTED).route(ROUTE).matches()).isEqualTo(ROUTE.matches());
    assertThat(harmed.after(STARTED).after(ABORTED).route(ROUTE).matches())
        .containsExactly(toStable);
    assertThat(history(ONE, STARTED, ABORTED).route(ROUTE)).isEqualTo(ROUTE);
  }

  @Test
  void resumed_afterAPause_takesThePauseOffTheStepsTime() {
    Duration pause = Duration.ofHours(5);
    ModelHistory history =
        history(
            ONE,
            STARTED,
            new RolloutEvent.Paused("r1", T0.plusSeconds(60)),
            new RolloutEvent.Resumed("r1", T0.plusSeconds(60).plus(pause)));

    assertThat(history.underWay().orElseThrow().state())
        .isEqualTo(new RolloutState.Stepping(0, T0.plus(pause)));
  }

  @Test
  void after_eventThatCannotFollow_isRefused() {
    ModelHistory running = history(ONE, STARTED);
    ModelHistory paused = running.after(new RolloutEvent.Paused("r1", T0));

    for (RolloutEvent event : List.of(STARTED, new SplitSet(ONE), new Stepped("r1", 3, T0, ""))) {
      assertThatThrownBy(() -> running.after(event)).hasMessageContaining("cannot follow here");
    }
    assertThatThrownBy(() -> running.after(new RolloutEvent.Resumed("r1", T0)))
        .hasMessage(
            "a 'rollout-resumed' event cannot follow here: the last rollout's state is"
                + " Stepping[step=0, since=2027-03-01T12:00:00Z]");
    for (RolloutEvent event :
        List.of(PROMOTED, new Stepped("r1", 1, T0, ""), new RolloutEvent.Paused("r1", T0))) {
      assertThatThrownBy(() -> paused.after(event)).hasMessageContaining("cannot follow here");
    }
    assertThatThrownBy(() -> running.after(new RolledBack("r0", Because.FAILED, "late", T0)))
        .hasMessageContaining("cannot follow here");
    assertThatThrownBy(() -> history(ONE, HARMED))
        .hasMessage("a 'rollout-rolled-back' event cannot follow here: there was no rollout");
  }

  @Test
  void of_stream_foldsFromTheFirstConfiguration() {
    assertThat(ModelHistory.of(List.of())).isEmpty();
    assertThat(ModelHistory.of(List.of(new Configured(HALF), STARTED, HARMED)))
        .contains(history(HALF, STARTED, HARMED));
    assertThatThrownBy(() -> ModelHistory.of(List.of(STARTED)))
        .hasMessage("a model's first event is 'configured', not 'rollout-started'");
  }
}
