package bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import weir.experiment.Experiment;
import weir.experiment.ExperimentSettings;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.observation.Observation;
import weir.observation.Outcome;
import weir.routing.Assignment;
import weir.routing.Because;

/**
 * What an experiment adds to one request: its beginning and its end, at a 5 % share with the
 * default checks. One answer in a hundred fails. 200,000 units take turns, so that the table of
 * units is larger than the processor's caches, as it is in use.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ExperimentBenchmark {
  private static final int UNITS = 200_000;
  private static final double SHARE = 0.05;

  @Param({"false", "true"})
  private boolean sticky;

  private final Observation[] requests = new Observation[UNITS];
  private Experiment experiment;
  private int next;

  @Setup
  public void start() {
    Random random = new Random(1);
    for (int i = 0; i < UNITS; i++) {
      boolean candidate = random.nextDouble() < SHARE;
      String version = candidate ? "2" : "1";
      Assignment assignment =
          new Assignment(
              version, candidate ? SHARE : 1 - SHARE, 1, Because.SPLIT, random.nextLong());
      Outcome outcome =
          random.nextInt(100) == 0 ? Outcome.of(Reason.BACKEND_FAILED) : Outcome.of(Source.MODEL);
      long took = Math.round(1e6 * Math.exp(0.5 * random.nextGaussian()));
      requests[i] =
          new Observation(
              new Variant("m", version), assignment, true, outcome, took, took, Double.NaN, "");
    }
    experiment =
        new Experiment(
            new Experiment.Terms("r", "m", "1", "2", sticky, 4, ExperimentSettings.defaults()),
            System::nanoTime,
            () -> {});
    experiment.step(0, 1, SHARE, java.time.Instant.EPOCH);
  }

  @Benchmark
  public void beganAndEnded() {
    next = next + 1 == UNITS ? 0 : next + 1;
    Observation request = requests[next];
    experiment.ended(experiment.began(request.assignment(), (_, _, _) -> true), request);
  }
}
