package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.remote.RemoteFailure.Kind;

/** What holds of a remote variant whatever its servers do. */
class RandomFaultsTest {
  private static final double BUDGET = 0.2;
  private static final int REQUESTS = 5_000;
  private static final List<Kind> KINDS = List.of(Kind.values());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void infer_randomFaults_keepsToBudgetAndDeadlineAndEndsEmpty(long seed) {
    Random random = new Random(seed);
    List<ScriptedEndpoint> endpoints =
        IntStream.range(0, 1 + random.nextInt(4))
            .mapToObj(i -> new ScriptedEndpoint("s" + i + ":1"))
            .toList();
    ResilienceSettings resilience =
        new ResilienceSettings(BUDGET, 0.9, Duration.ofMillis(50), 5, Duration.ofMillis(200), 64);
    try (Rig rig = new Rig(endpoints, Optional.empty(), resilience)) {
      AtomicInteger late = new AtomicInteger();
      double badness = random.nextDouble(0.3, 1);
      for (ScriptedEndpoint endpoint : endpoints) {
        endpoint.script =
            (_, deadline) -> {
              long left = deadline - rig.time.getAsLong();
              if (left <= 0) {
                late.incrementAndGet();
              }
              rig.time.passes(Duration.ofNanos(Math.min(left, random.nextLong(30_000_000))));
              if (random.nextDouble() < badness) {
                Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                throw new RemoteFailure(kind, "scripted", Duration.ofMillis(random.nextInt(100)));
              }
              return ScriptedEndpoint.answer();
            };
      }
      long began = rig.time.getAsLong();
      for (int i = 0; i < REQUESTS; i++) {
        long deadline = rig.time.in(Duration.ofMillis(1 + random.nextInt(60)));
        rig.remote.infer(ScriptedEndpoint.request(deadline));
        assertThat(rig.time.getAsLong() - deadline).isLessThanOrEqualTo(0);
        rig.time.passes(Duration.ofMillis(random.nextInt(3)));
        if (i % 100 == 0) {
          endpoints.get(random.nextInt(endpoints.size())).ready = random.nextBoolean();
          rig.probe();
        }
      }
      double seconds = (rig.time.getAsLong() - began) / 1e9;
      double floor = RetryBudget.FLOOR_PER_SECOND * (seconds + 1);
      int attempts = endpoints.stream().mapToInt(ScriptedEndpoint::calls).sum();

      assertThat(late).hasValue(0);
      assertThat((double) attempts).isLessThanOrEqualTo((1 + BUDGET) * REQUESTS + floor);
      assertThat(rig.scraped("weir_backend_in_flight")).allMatch(line -> line.endsWith(" 0.0"));
      assertThat(rig.remote.inFlight()).isZero();
    }
  }
}
