package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LivePlanTest {
  private final RoutePlan first = new RoutePlan(3, Map.of());
  private final LivePlan live = new LivePlan(first);

  @Test
  void publish_generationGrows_replacesThePlan() {
    RoutePlan next = new RoutePlan(5, Map.of());

    live.publish(next);

    assertThat(live.current()).isSameAs(next);
  }

  @Test
  void publish_sameGeneration_replacesThePlan() {
    RoutePlan next = new RoutePlan(3, Map.of());

    live.publish(next);

    assertThat(live.current()).isSameAs(next);
  }

  @Test
  void publish_generationFalls_isRefusedAndKeepsThePlan() {
    assertThatThrownBy(() -> live.publish(new RoutePlan(2, Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a published plan's generation is at least 3, not 2");

    assertThat(live.current()).isSameAs(first);
  }

  @Test
  void plan_negativeGeneration_isRefused() {
    assertThatThrownBy(() -> new RoutePlan(-1, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
