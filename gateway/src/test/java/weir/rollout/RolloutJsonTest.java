package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static weir.rollout.Looks.T0;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
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
        new RolloutEvent.Stepped("r1", 1, NANOS, "step 1"),
        new RolloutEvent.ApprovalAwaited("r1", 2, T0, ""),
        new RolloutEvent.Approved("r1", 3, T0, "by hand"),
        new RolloutEvent.Paused("r1", T0),
        new RolloutEvent.Resumed("r1", NANOS),
        new RolloutEvent.Promoted("r1", T0, "passed"),
        new RolloutEvent.RolledBack("r1", RolloutState.Because.INCONCLUSIVE, "no verdict", NANOS));
  }

  @ParameterizedTest
  @MethodSource("events")
  void read_ofWrite_isTheSameEvent(RolloutEvent event) {
    assertThat(RolloutJson.read(event.type(), RolloutJson.write(event))).isEqualTo(event);
  }

  @Test
  void events_ofThisTest_areEveryEvent() {
    Stream<Class<?>> all =
        Stream.concat(
            Stream.of(RolloutEvent.class.getPermittedSubclasses()),
            Stream.of(RolloutEvent.Progress.class.getPermittedSubclasses()));

    assertThat(events().map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(
            all.filter(Class::isRecord).collect(Collectors.toSet()));
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
    assertThatThrownBy(
            () -> RolloutJson.read("rollout-paused", "{\"rollout\":\"r\",\"at\":\"noon\"}"))
        .hasMessageContaining("no time");
    assertThatThrownBy(() -> RolloutJson.read("rollout-paused", "{\"rollout\":\"r\"}"))
        .hasMessageContaining("'at' is missing");
    assertThatThrownBy(() ->
            RolloutJson.read(
                "rollout-stepped",
                "{\"rollout\":\"r\",\"step\":1.5,\"words\":\"\",\"at\":\"2027-01-01T00:00:00Z\"}"))
        .hasMessageContaining("whole number");
    assertThatThrownBy(() ->
            RolloutJson.read(
                "rollout-rolled-back", "{\"rollout\":\"r\",\"because\":\"bored\",\"words\":\"\"}"))
        .hasMessageContaining("'bored' is no Because");
  }
}
