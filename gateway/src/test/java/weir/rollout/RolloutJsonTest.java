package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static weir.rollout.Looks.T0;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.rollout.RolloutSettings.OnDrift;
import weir.routing.RoutingPolicy;
import weir.routing.Share;

class RolloutJsonTest {
  private static final Instant NANOS = T0.plusNanos(123_456_789);

  static Stream<RolloutEvent> events() {
    return Stream.of(
        new RolloutEvent.Configured(new RoutingPolicy.Fixed("1")),
        new RolloutEvent.SplitSet(
            new RoutingPolicy.Split(
                List.of(new Share("b", 0.1), new Share("a", 99.9), new Share("c", 0)))),
        new RolloutEvent.Started(
            new RolloutTerms(
                "r-\"7\"",
                "1",
                "zwei·2",
                "salt\n",
                Looks.settings(List.of(5.0), Duration.ofMillis(1_500), true, OnDrift.HOLD)),
            NANOS),
        new RolloutEvent.Started(Looks.terms(RolloutSettings.defaults()), T0),
        new RolloutEvent.Stepped(1, NANOS, "step 1"),
        new RolloutEvent.ApprovalAwaited(2, T0, ""),
        new RolloutEvent.Approved(3, T0, "by hand"),
        new RolloutEvent.Paused(T0),
        new RolloutEvent.Resumed(NANOS),
        new RolloutEvent.Promoted(T0, "passed"),
        new RolloutEvent.RolledBack(RolloutState.Because.INCONCLUSIVE, "no verdict", NANOS));
  }

  @ParameterizedTest
  @MethodSource("events")
  void read_ofWrite_isTheSameEvent(RolloutEvent event) {
    assertThat(RolloutJson.read(event.type(), RolloutJson.write(event))).isEqualTo(event);
  }

  @Test
  void events_ofThisTest_areEveryEvent() {
    assertThat(events().map(Object::getClass).distinct())
        .containsExactlyInAnyOrder(RolloutEvent.class.getPermittedSubclasses());
  }

  @Test
  void read_unknownType_saysThatItIsOfANewerVersion() {
    assertThatThrownBy(() -> RolloutJson.read("bandit-set", "{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the journal holds an event 'bandit-set' that this version does not know: run the"
                + " version that wrote it, or a newer one");
  }

  @Test
  void read_damagedPayload_saysWhereAndWhat() {
    assertThatThrownBy(() -> RolloutJson.read("rollout-paused", "{\"at\":"))
        .hasMessageContaining("'rollout-paused' event is not JSON");
    assertThatThrownBy(() -> RolloutJson.read("rollout-paused", "{\"at\":\"noon\"}"))
        .hasMessageContaining("no time");
    assertThatThrownBy(() -> RolloutJson.read("rollout-paused", "{}"))
        .hasMessageContaining("'at' is missing");
    assertThatThrownBy(() ->
            RolloutJson.read(
                "rollout-stepped", "{\"step\":1.5,\"words\":\"\",\"at\":\"2027-01-01T00:00:00Z\"}"))
        .hasMessageContaining("whole number");
    assertThatThrownBy(
            () -> RolloutJson.read("rollout-rolled-back", "{\"because\":\"bored\",\"words\":\"\"}"))
        .hasMessageContaining("'bored' is no Because");
  }
}
