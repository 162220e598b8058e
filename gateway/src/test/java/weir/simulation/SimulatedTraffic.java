package weir.simulation;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.observation.Outcome;

/** The requests of one world, drawn one after the other; what is read is the latest request. */
final class SimulatedTraffic {
  static final double MEDIAN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  static final double MEASURED_SHARE = 0.2;
  private static final double REWARD = 2;
  private static final double SWING = 0.8;
  private static final double HEAVINESS = 3;
  static final double USER_SPREAD = 0.5;
  private static final double CACHED_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final double STABLE_HITS = 0.9;
  private static final double CANDIDATE_HITS = 0.5;
  private static final Outcome COMPUTED = Outcome.of(Source.MODEL);
  private static final Outcome CACHED = Outcome.of(Source.CACHE);
  private static final Outcome FAILED = Outcome.of(Reason.BACKEND_FAILED);

  private final World world;
  private final SplittableRandom random;
  private final long[] units;
  private final double[] places;
  private final double[] scales;
  private boolean candidate;
  private boolean measured;
  private long unit;
  private Outcome outcome = COMPUTED;
  private long nanos;
  private double reward;

  SimulatedTraffic(World world, long seed) {
    this.world = world;
    random = new SplittableRandom(seed);
    int users = world.users();
    units = new long[users];
    places = new double[users];
    scales = new double[users];
    for (int i = 0; i < users; i++) {
      units[i] = random.nextLong();
      places[i] = random.nextDouble();
      scales[i] = USER_SPREAD * random.nextGaussian();
    }
  }

  /**
   * @param rho the candidate's share of this request
   * @param days the time in periods of the daily cycle
   */
  void next(double rho, double days) {
    double level = world.daily() ? 1 + SWING * Math.sin(2 * Math.PI * days) : 1;
    double scale = 0;
    double failing = 1;
    if (world.users() > 0) {
      int user = (int) (world.users() * Math.pow(random.nextDouble(), HEAVINESS));
      unit = units[user];
      candidate = places[user] < rho;
      scale = scales[user];
      failing = user % 10 == 0 ? 7 : 1.0 / 3;
    } else {
      unit = random.nextLong();
      candidate = random.nextDouble() < rho;
    }
    measured = !world.coldCache() || random.nextDouble() < MEASURED_SHARE;
    reward = REWARD * (level + scale) + random.nextGaussian();
    if (!measured && random.nextDouble() < (candidate ? CANDIDATE_HITS : STABLE_HITS)) {
      outcome = CACHED;
      nanos = Math.round(CACHED_NANOS);
      return;
    }
    double errors = candidate ? world.candidateErrors() : world.errors();
    outcome = random.nextDouble() < errors * level * failing ? FAILED : COMPUTED;
    nanos =
        Math.round(
            MEDIAN_NANOS
                * level
                * Math.exp(world.sigma() * random.nextGaussian() + scale)
                * (candidate ? world.slower() : 1));
  }

  boolean candidate() {
    return candidate;
  }

  boolean measured() {
    return measured;
  }

  long unit() {
    return unit;
  }

  Outcome outcome() {
    return outcome;
  }

  boolean failed() {
    return outcome.equals(FAILED);
  }

  boolean cached() {
    return outcome.equals(CACHED);
  }

  long nanos() {
    return nanos;
  }

  double reward() {
    return reward;
  }
}
