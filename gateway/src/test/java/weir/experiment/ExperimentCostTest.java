package weir.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.observation.Observation;
import weir.routing.Assignment;
import weir.routing.Because;

/** The request path of an experiment; {@code ops/bench/jmh} times it. */
class ExperimentCostTest {
  private static final int UNITS = 500;
  private static final int ROUNDS = 40;

  /** The smallest object. The latency sketch makes larger ones now and then, far fewer. */
  private static final int OBJECT_BYTES_MIN = 16;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void beganAndEnded_healthyRequestsOfKnownUnits_makeNoObject(boolean sticky) {
    Bench bench = Bench.of(sticky).step(0, 0.5);
    Assignment[] assignments = new Assignment[UNITS];
    Observation[] observations = new Observation[UNITS];
    for (int unit = 0; unit < UNITS; unit++) {
      String version = unit % 2 == 0 ? Bench.STABLE : Bench.CANDIDATE;
      assignments[unit] = bench.assignment(version, unit + 1, Because.SPLIT);
      observations[unit] = bench.observation(assignments[unit], true, Bench.OK, Bench.MILLI + unit);
    }
    rounds(bench, assignments, observations);

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long nothing = threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    rounds(bench, assignments, observations);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before - (before - nothing);

    assertThat(allocated).isLessThan((long) UNITS * ROUNDS * OBJECT_BYTES_MIN);
  }

  private static void rounds(Bench bench, Assignment[] assignments, Observation[] observations) {
    for (int round = 0; round < ROUNDS; round++) {
      for (int unit = 0; unit < UNITS; unit++) {
        bench.experiment.ended(
            bench.experiment.began(assignments[unit], bench.footing), observations[unit]);
      }
    }
  }
}
