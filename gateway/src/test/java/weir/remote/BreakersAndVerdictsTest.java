package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

/** Two versions elsewhere whose servers fail, and what an experiment says of them. */
class BreakersAndVerdictsTest {
  private static final int RUNS = 12;
  private static final Duration RUN = Duration.ofMinutes(3);
  private static final double PER_SECOND = 200;
  private static final double SECOND = 1e9;
  private static final String STABLE = "1";
  private static final String CANDIDATE = "2";

  /** Both versions' servers fail in this part of their requests, for so long, after such a calm. */
  private record Outages(double calmSeconds, double seconds, double least, double most) {}

  private Rig stable = rig(false, "a:1");
  private Rig candidate = rig(false, "b:1");
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

  private static Rig rig(boolean repeatable, String... servers) {
    return new Rig(
        Stream.of(servers).map(ScriptedEndpoint::new).toList(),
        Optional.of(repeatable),
        ResilienceSettings.defaults());
  }

  /** Both versions from now on, on the same servers. */
  private void on(boolean repeatable, String... servers) {
    close();
    stable = rig(repeatable, servers);
    candidate = rig(repeatable, servers);
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
    long token = experiment.began(assignment, (_, _, _) -> equalFooting());
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

  private boolean equalFooting() {
    RemoteVariant one = stable.remote;
    RemoteVariant other = candidate.remote;
    return one.takes()
        && other.takes()
        && one.leftOut().stream().noneMatch(other::asks)
        && other.leftOut().stream().noneMatch(one::asks);
  }

  private static void fails(Rig rig, Random random, double share) {
    rig.endpoints.forEach(each -> fails(each, random, share));
  }

  private static void fails(ScriptedEndpoint endpoint, Random random, double share) {
    endpoint.script =
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
  private boolean differsThrough(Outages outages, Random random, double share) {
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
        begins = at + outages.calmSeconds() * random.nextDouble() * SECOND;
        ends = begins + outages.seconds() * random.nextDouble() * SECOND;
      }
      if (out != at > begins) {
        out = at > begins;
        double span = outages.most() - outages.least();
        double failing = out ? outages.least() + span * random.nextDouble() : 0;
        fails(stable.endpoints.getFirst(), random, failing);
        fails(candidate.endpoints.getFirst(), random, failing);
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

  private void areNoHarm(Outages outages, boolean repeatable, String... servers) {
    int different = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      on(repeatable, servers);
      different += differsThrough(outages, new Random(seed), seed % 2 == 0 ? 0.2 : 0.75) ? 1 : 0;
    }
    assertThat(different).as("of " + RUNS + " rollouts of a version against itself").isZero();
  }

  @Test
  void equalVersions_sharedOutages_areNoHarm() {
    areNoHarm(new Outages(20, 3, 0.9, 1), false, "a:1");
  }

  /** Each version leaves the sick server out by its own count of failures. */
  @Test
  void equalVersions_oneOfTheirServersIsSick_areNoHarm() {
    areNoHarm(new Outages(20, 60, 0.8, 1), false, "a:1", "b:1");
  }

  /** Each version retries by its own budget. */
  @Test
  void equalVersions_retriedThroughSharedOutages_areNoHarm() {
    areNoHarm(new Outages(20, 10, 0.2, 0.7), true, "a:1");
  }

  /** Each of its servers fails in this part of its requests, the stable version's in none. */
  private void isTold(double failing, double share) {
    experiment = experiment(share);
    Random random = new Random(3);
    fails(candidate, random, failing);
    int requests = 0;
    while (!harm() && tripped.get() == 0) {
      passes(SECOND / PER_SECOND);
      request(random, share);
      requests++;
      assertThat(requests).isLessThan(20 * (int) PER_SECOND);
    }
  }

  /** Nine of ten open the breaker before the answers that fail are twenty in a row. */
  @Test
  void candidateFailsMostly_isToldThoughItsBreakerOpens() {
    isTold(0.93, 0.5);
  }

  @ParameterizedTest
  @CsvSource({"0.3, 0.05", "0.3, 0.5", "0.8, 0.05", "0.8, 0.5", "0.8, 0.9"})
  void candidateFailsOnSharedServers_isToldThoughOneIsLeftOut(double failing, double share) {
    on(false, "a:1", "b:1");
    isTold(failing, share);
  }

  @ParameterizedTest
  @CsvSource({"0.4, 0.05", "0.4, 0.5", "0.8, 0.05", "0.8, 0.5", "0.8, 0.9"})
  void candidateFailsAndIsTriedAgain_isToldThoughItsRetriesEnd(double failing, double share) {
    on(true, "a:1");
    isTold(failing, share);
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
        .contains(
            "were refused by its limit or breaker or failed beside that, of version 1's in that time 0 of");
  }
}
