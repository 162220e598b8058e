package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.experiment.Experiment;
import weir.experiment.ExperimentSettings;
import weir.experiment.Look;
import weir.experiment.Verdict;
import weir.inference.InferenceResult;
import weir.inference.Variant;
import weir.observation.Observation;
import weir.observation.Outcome;
import weir.remote.RemoteFailure.Kind;
import weir.routing.Assignment;
import weir.routing.Because;

/** Two versions elsewhere whose servers go away and come back, and what an experiment says. */
class BreakersAndVerdictsTest {
  private static final int RUNS = 12;
  private static final Duration RUN = Duration.ofMinutes(3);
  private static final double PER_SECOND = 200;
  private static final double SECOND = 1e9;
  private static final String STABLE = "1";
  private static final String CANDIDATE = "2";

  private final Rig stable = new Rig(List.of(new ScriptedEndpoint("a:1")));
  private final Rig candidate = new Rig(List.of(new ScriptedEndpoint("b:1")));
  private final AtomicInteger tripped = new AtomicInteger();
  private Experiment experiment = experiment(0.5);

  @AfterEach
  void close() {
    stable.close();
    candidate.close();
  }

  private Experiment experiment(double share) {
    Experiment begun =
        new Experiment(
            new Experiment.Terms(
                "r1", "price", STABLE, CANDIDATE, false, 4, ExperimentSettings.defaults()),
            stable.time,
            tripped::incrementAndGet);
    begun.step(0, 2, share, Instant.EPOCH);
    return begun;
  }

  private Rig rig(String version) {
    return version.equals(CANDIDATE) ? candidate : stable;
  }

  private void passes(double nanos) {
    Duration time = Duration.ofNanos((long) nanos);
    stable.time.passes(time);
    candidate.time.passes(time);
  }

  private void request(Random random, double share) {
    String version = random.nextDouble() < share ? CANDIDATE : STABLE;
    double probability = version.equals(CANDIDATE) ? share : 1 - share;
    Assignment assignment =
        new Assignment(version, probability, 2, Because.SPLIT, random.nextLong());
    long token = experiment.began(assignment, (_, each) -> rig(each).remote.takes());
    InferenceResult result = rig(version).infer();
    experiment.ended(
        token,
        new Observation(
            new Variant("price", version),
            assignment,
            true,
            Outcome.of(result),
            1_000_000,
            1_000_000,
            Double.NaN,
            ""));
  }

  private static void fails(Rig rig, Random random, double share) {
    rig.endpoints.getFirst().script =
        (_, _) -> {
          if (random.nextDouble() < share) {
            throw new RemoteFailure(Kind.FAILED, "scripted");
          }
          return ScriptedEndpoint.answer();
        };
  }

  private boolean harm() {
    Look look = experiment.look(Instant.EPOCH);
    return look.checks().stream().anyMatch(each -> each.verdict() instanceof Verdict.Harmful);
  }

  /** Whether the versions, which are equal, were ever said to differ. */
  private boolean differsThroughOutages(Random random, double share) {
    experiment = experiment(share);
    tripped.set(0);
    double at = 0;
    double begins = 0;
    double ends = 0;
    boolean out = false;
    double look = 0;
    while (at < RUN.toNanos()) {
      double gap = -Math.log(1 - random.nextDouble()) / PER_SECOND * SECOND;
      at += gap;
      passes(gap);
      if (at > ends) {
        begins = at + 20 * random.nextDouble() * SECOND;
        ends = begins + 3 * random.nextDouble() * SECOND;
      }
      if (out != at > begins) {
        out = at > begins;
        double failing = out ? 0.9 + 0.1 * random.nextDouble() : 0;
        fails(stable, random, failing);
        fails(candidate, random, failing);
      }
      request(random, share);
      if (at > look) {
        look += SECOND;
        if (harm()) {
          return true;
        }
      }
    }
    return tripped.get() > 0;
  }

  @Test
  void equalVersions_sharedOutages_areNoHarm() {
    int different = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      different += differsThroughOutages(new Random(seed), seed % 2 == 0 ? 0.2 : 0.75) ? 1 : 0;
    }
    assertThat(different).as("of " + RUNS + " rollouts of a version against itself").isZero();
  }

  /** Nine of ten open the breaker before the answers that fail are twenty in a row. */
  @Test
  void candidateFailsMostly_isToldThoughItsBreakerOpens() {
    Random random = new Random(3);
    fails(candidate, random, 0.93);
    int requests = 0;
    while (!harm() && tripped.get() == 0) {
      passes(SECOND / PER_SECOND);
      request(random, 0.5);
      requests++;
      assertThat(requests).isLessThan(20 * (int) PER_SECOND);
    }
  }

  @Test
  void candidateIsLeftAloneByItsBreaker_tripsWithinSeconds() {
    Random random = new Random(4);
    fails(candidate, random, 1);
    for (int i = 0; i < 30; i++) {
      candidate.infer();
    }
    for (int i = 0; i < 15 * PER_SECOND && tripped.get() == 0; i++) {
      passes(SECOND / PER_SECOND);
      request(random, 0.5);
    }

    assertThat(tripped).hasValue(1);
    assertThat(experiment.look(Instant.EPOCH).guard().orElseThrow())
        .contains("were refused by its limit or breaker, of version 1's in that time 0 of");
  }
}
