package weir.admission;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static weir.admission.Simulation.MILLI;
import static weir.admission.Simulation.SECOND;

import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import weir.admission.Simulation.Tally;

class OverloadSimulationTest {
  private final Random random = new Random(11);

  /** About that long: a tenth more or less. */
  private LongSupplier about(long millis) {
    return () -> (long) (millis * MILLI * (0.9 + 0.2 * random.nextDouble()));
  }

  private Simulation embedded() {
    return new Simulation(2, 2, 258, true, about(5));
  }

  private Simulation remote() {
    return new Simulation(8, 4, 256, false, about(20));
  }

  private static Tally settled(Simulation simulation, double perSecond) {
    simulation.offer("a", perSecond, 30 * SECOND);
    simulation.run(5 * SECOND);
    return requireNonNull(simulation.run(20 * SECOND).get("a"));
  }

  @Test
  void embedded_threeTimesItsCapacity_answersAsMuchAndInTwiceTheTime() {
    Tally idle = settled(embedded(), 40);
    Tally loaded = settled(embedded(), 1_200);

    assertThat(loaded.answered).isGreaterThan((int) (0.9 * 400 * 20));
    assertThat(loaded.percentile(0.99)).isLessThanOrEqualTo(2 * idle.percentile(0.99));
  }

  @Test
  void embedded_oneAtATime_answersAsMuchAndInTwiceTheTime() {
    Tally loaded = settled(new Simulation(1, 1, 257, true, about(7)), 430);

    assertThat(loaded.answered).isGreaterThan((int) (0.9 * 20_000 / 7));
    assertThat(loaded.percentile(0.99)).isLessThanOrEqualTo((long) (2 * 1.1 * 7 * MILLI));
  }

  @Test
  void remote_threeTimesItsCapacity_answersAsMuchAndInTwiceTheTime() {
    Tally idle = settled(remote(), 40);
    Tally loaded = settled(remote(), 1_200);

    assertThat(loaded.answered).isGreaterThan((int) (0.9 * 400 * 20));
    assertThat(loaded.percentile(0.99)).isLessThanOrEqualTo(2 * idle.percentile(0.99));
  }
}
