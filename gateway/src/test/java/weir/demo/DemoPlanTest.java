package weir.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DemoPlanTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void defaults_traffic_asDocumented() {
    assertThat(DemoPlan.Traffic.defaults())
        .isEqualTo(new DemoPlan.Traffic(400, 20_000, 0.3, 16, Duration.ofSeconds(10), 20));
  }

  @Test
  void traffic_outOfBounds_refused() {
    refused(
        () -> new DemoPlan.Traffic(0, 1, 0, 1, SECOND, 1),
        "requests per second must lie between 1 and 100,000, not 0");
    refused(() -> new DemoPlan.Traffic(1, 0, 0, 1, SECOND, 1), "users");
    refused(() -> new DemoPlan.Traffic(1, 1, 1.1, 1, SECOND, 1), "repeats");
    refused(() -> new DemoPlan.Traffic(1, 1, 0, 1_001, SECOND, 1), "workers");
    refused(() -> new DemoPlan.Traffic(1, 1, 0, 1, Duration.ZERO, 1), "patience");
  }

  @Test
  void plan_impossibleWeightsOrDuration_refused() {
    refused(() -> plan(Map.of("1", -1.0), SECOND), "a weight must be 0 or more, not -1.0");
    refused(() -> plan(Map.of("1", 0.0), SECOND), "one weight must be above 0");
    refused(() -> plan(Map.of("1", 1.0), Duration.ZERO), "duration");
  }

  @Test
  void plan_weightsInAnyOrder_heaviestFirst() {
    Map<String, Double> weights = Map.of("3", 5.0, "10", 5.0, "1", 0.0, "2", 90.0);

    assertThat(plan(weights, SECOND).wanted().keySet()).containsExactly("2", "10", "3", "1");
  }

  private static DemoPlan plan(Map<String, Double> wanted, Duration duration) {
    URI gateway = URI.create("http://127.0.0.1:8000");
    return new DemoPlan(
        new DemoPlan.Target(gateway, gateway, "diamond-price"),
        Fixtures.REPLAY,
        wanted,
        DemoPlan.Traffic.defaults(),
        Optional.of(duration),
        Optional.empty(),
        Map.of());
  }

  private static void refused(Runnable construction, String named) {
    assertThatIllegalArgumentException().isThrownBy(construction::run).withMessageContaining(named);
  }
}
