package weir.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.experiment.Bench.CANDIDATE;
import static weir.experiment.Bench.OK;
import static weir.experiment.Bench.STABLE;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.admission.Admission;
import weir.admission.Entry.Place;
import weir.admission.Entry.Refusal;
import weir.inference.Reason;
import weir.observation.Outcome;
import weir.routing.Assignment;
import weir.routing.Because;

/** Two versions behind their learned limits, in made-up time; their server stalls now and then. */
class EqualVariantsTest {
  private static final double SECOND = 1e9;
  private static final int RUNS = 24;
  private static final int SECONDS = 60;
  private static final int WORKERS = 64;
  private static final double WORK_NANOS = 2e6;

  private record Job(int side, Place place, Assignment assignment, long token, double began) {}

  private record Event(double at, Runnable what) {}

  /** A server of some workers with one queue. */
  private static final class Server {
    private final Queue<Job> queue = new ArrayDeque<>();
    private int idle;
    private double slower = 1;
    private double slowed;
    private boolean hangs;

    Server(int workers) {
      idle = workers;
    }
  }

  private static final class World {
    private final Random random;
    private final Bench bench;
    private final PriorityQueue<Event> events =
        new PriorityQueue<>(Comparator.comparingDouble(Event::at));
    private final Admission[] limits = new Admission[Side.COUNT];
    private final Server[] servers;
    private final int[] asked = new int[Side.COUNT];
    private final int[] refused = new int[Side.COUNT];

    World(long seed, double share, Server... servers) {
      random = new Random(seed);
      bench = Bench.of(false).step(0, share);
      this.servers = servers;
      for (int side = 0; side < Side.COUNT; side++) {
        limits[side] = Admission.of(4, 256, bench.nanos::get);
      }
      bench.footing = (_, _, _) -> limits[Side.STABLE].room() && limits[Side.CANDIDATE].room();
    }

    /** Poisson arrivals. */
    World offer(double perSecond) {
      double at = 0;
      while (at < SECONDS * SECOND) {
        at += -Math.log(1 - random.nextDouble()) / perSecond * SECOND;
        events.add(new Event(at, this::arrive));
      }
      return this;
    }

    /** Time and again most requests, at whichever server, take many times as long. */
    World disturb(double secondsMost) {
      double at = 5 * SECOND;
      while (at < SECONDS * SECOND) {
        double slower = 2 + 20 * random.nextDouble();
        double slowed = 0.7 + 0.3 * random.nextDouble();
        events.add(new Event(at, () -> slow(slower, slowed)));
        at += secondsMost * random.nextDouble() * SECOND;
        events.add(new Event(at, () -> slow(1, 0)));
        at += 2 * secondsMost * random.nextDouble() * SECOND;
      }
      return this;
    }

    /** Time and again no request is answered before its deadline. */
    World hang(double secondsMost) {
      double at = 5 * SECOND;
      while (at < SECONDS * SECOND) {
        events.add(new Event(at, () -> hang(true)));
        at += secondsMost * random.nextDouble() * SECOND;
        events.add(new Event(at, () -> hang(false)));
        at += 2 * secondsMost * random.nextDouble() * SECOND;
      }
      return this;
    }

    private void hang(boolean hangs) {
      for (Server server : servers) {
        server.hangs = hangs;
      }
    }

    private void slow(double slower, double slowed) {
      for (Server server : servers) {
        server.slower = slower;
        server.slowed = slowed;
      }
    }

    World run() {
      while (!events.isEmpty()) {
        Event event = events.remove();
        bench.nanos.set((long) event.at());
        event.what().run();
      }
      return this;
    }

    private void arrive() {
      int side = random.nextDouble() < bench.rho ? Side.CANDIDATE : Side.STABLE;
      String version = side == Side.CANDIDATE ? CANDIDATE : STABLE;
      Assignment assignment = bench.assignment(version, random.nextLong(), Because.SPLIT);
      long token = bench.experiment.began(assignment, bench.footing);
      asked[side]++;
      switch (limits[side].begin("caller")) {
        case Place place -> {
          Job job = new Job(side, place, assignment, token, bench.nanos.get());
          server(side).queue.add(job);
          serve(server(side));
        }
        case Refusal _ -> {
          refused[side]++;
          end(assignment, token, Outcome.of(Reason.OVERLOADED), 1_000);
        }
      }
    }

    private Server server(int side) {
      return servers[side % servers.length];
    }

    private void serve(Server server) {
      if (server.idle > 0 && !server.queue.isEmpty()) {
        server.idle--;
        Job job = server.queue.remove();
        double slower = random.nextDouble() < server.slowed ? server.slower : 1;
        double work = WORK_NANOS * (0.9 + 0.2 * random.nextDouble()) * slower;
        if (server.hangs) {
          events.add(new Event(bench.nanos.get() + SECOND, () -> giveUp(server, job)));
        } else {
          events.add(new Event(bench.nanos.get() + work, () -> finish(server, job)));
        }
      }
    }

    private void giveUp(Server server, Job job) {
      server.idle++;
      limits[job.side()].overloaded(job.place());
      end(job.assignment(), job.token(), Outcome.of(Reason.BACKEND_TIMEOUT), (long) SECOND);
      serve(server);
    }

    private void finish(Server server, Job job) {
      server.idle++;
      long took = (long) (bench.nanos.get() - job.began());
      limits[job.side()].answered(job.place(), took, took);
      end(job.assignment(), job.token(), OK, took);
      serve(server);
    }

    private void end(Assignment assignment, long token, Outcome outcome, long took) {
      bench.experiment.ended(token, bench.observation(assignment, true, outcome, took));
    }

    double part(int side) {
      return (double) refused[side] / asked[side];
    }
  }

  /** By how much more of the candidate's requests than of the stable version's were refused. */
  private static double never(World world, long seed) {
    assertThat(world.bench.guarded).describedAs("seed %s", seed).hasValue(0);
    assertThat(world.bench.result("errors").verdict())
        .describedAs("seed %s", seed)
        .isInstanceOf(Verdict.Passes.class);
    return world.part(Side.CANDIDATE) - world.part(Side.STABLE);
  }

  @Test
  void oneServerForBoth_disturbed_neverTripsNorIsHarm() {
    for (int seed = 0; seed < RUNS; seed++) {
      double share = seed % 2 == 0 ? 0.2 : 0.05;
      never(new World(seed, share, new Server(WORKERS)).offer(1_000).disturb(2).run(), seed);
    }
  }

  @Test
  void oneServerForBoth_disturbedForLong_neverTripsNorIsHarm() {
    double unequal = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      double share = seed % 2 == 0 ? 0.2 : 0.05;
      World world = new World(seed, share, new Server(WORKERS)).offer(1_000).disturb(20).run();
      unequal = Math.max(unequal, never(world, seed));
    }
    assertThat(unequal).as("equal versions, and yet").isGreaterThan(0.01);
  }

  /** Whoever is refused more hides more of what would have timed out. */
  @Test
  void oneServerForBoth_hangs_isNoHarm() {
    for (int seed = 0; seed < RUNS; seed++) {
      World world = new World(seed, 0.2, new Server(10_000)).offer(200).hang(10).run();
      assertThat(world.bench.guarded).describedAs("seed %s", seed).hasValue(0);
      assertThat(world.bench.result("errors").verdict())
          .describedAs("seed %s", seed)
          .isNotInstanceOf(Verdict.Harmful.class);
    }
  }

  @Test
  void serversOfTheirOwn_disturbedTogether_neverTripNorAreHarm() {
    for (int seed = 0; seed < RUNS; seed++) {
      Server[] each = {new Server(WORKERS / 2), new Server(WORKERS / 2)};
      never(new World(seed, 0.2, each).offer(1_000).disturb(20).run(), seed);
    }
  }

  @Test
  void serverOfTheCandidateIsTooSmall_tripsWithinSeconds() {
    for (int seed = 0; seed < RUNS; seed++) {
      World world = new World(seed, 0.5, new Server(4), new Server(1)).offer(1_600).run();

      assertThat(world.bench.guarded).describedAs("seed %s", seed).hasValue(1);
    }
  }
}
