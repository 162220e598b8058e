package weir.simulation;

import java.util.Arrays;
import weir.stats.MannWhitney;

/** What other gates do in the same worlds: whether a candidate is taken back. */
final class UsualRules {
  /** One world, once. */
  interface Rule {
    boolean rollsBack(World world, long seed);
  }

  private static final int MINUTE_SECONDS = 60;
  private static final double DAY_MINUTES = 24 * 60;

  private static final int THRESHOLD_PER_SECOND = 100;
  private static final double SUCCESS_MIN = 0.99;
  private static final double P99 = 2.326348;
  private static final double P95 = 1.644854;
  private static final double P99_ALLOWANCE = 1.25;
  private static final double STEP = 0.05;
  private static final double LAST_STEP = 0.5;
  private static final int FAILED_CHECKS = 5;

  private static final int REQUESTS_PER_MINUTE = 600;
  private static final int MINUTES = 100;
  private static final int MINUTES_PER_JUDGEMENT = 5;
  private static final double CONFIDENCE = 0.98;

  private UsualRules() {}

  static Rate rate(Rule rule, World world, int repetitions, long seed) {
    int hits = 0;
    for (int i = 0; i < repetitions; i++) {
      hits += rule.rollsBack(world, seed + i) ? 1 : 0;
    }
    return new Rate(hits, repetitions);
  }

  /**
   * Flagger: each minute the candidate's success rate and p99 of that minute are held against fixed
   * limits; a good minute adds 5 % of the traffic, up to 50 %, and the fifth bad one of the rollout
   * rolls back. 100 requests a second; the p99's limit is 1.25 times what the stable variant has.
   */
  static boolean threshold(World world, long seed) {
    SimulatedTraffic traffic = new SimulatedTraffic(world, seed);
    double limit = P99_ALLOWANCE * SimulatedTraffic.MEDIAN_NANOS * Math.exp(P99 * world.spread());
    int requests = THRESHOLD_PER_SECOND * MINUTE_SECONDS;
    long[] nanos = new long[requests];
    double rho = STEP;
    int failedChecks = 0;
    for (int minute = 0; ; minute++) {
      int candidates = 0;
      int failures = 0;
      for (int i = 0; i < requests; i++) {
        traffic.next(rho, minute / DAY_MINUTES);
        if (traffic.candidate()) {
          nanos[candidates++] = traffic.nanos();
          failures += traffic.failed() ? 1 : 0;
        }
      }
      Arrays.sort(nanos, 0, candidates);
      boolean good =
          failures <= (1 - SUCCESS_MIN) * candidates && nanos[(int) (0.99 * candidates)] <= limit;
      if (!good) {
        failedChecks++;
        if (failedChecks == FAILED_CHECKS) {
          return true;
        }
      } else if (rho >= LAST_STEP - STEP / 2) {
        return false;
      } else {
        rho += STEP;
      }
    }
  }

  /**
   * Kayenta: the candidate and a baseline of equal size, 300 requests a minute each; every 5 of 100
   * minutes the error shares and mean latencies by minute are compared by Mann–Whitney at a
   * confidence of 0.98, and the first "higher" rolls back.
   */
  static boolean mannWhitney(World world, long seed) {
    SimulatedTraffic traffic = new SimulatedTraffic(world, seed);
    double[][] errors = new double[2][MINUTES];
    double[][] nanos = new double[2][MINUTES];
    for (int minute = 0; minute < MINUTES; minute++) {
      int[] counts = new int[2];
      for (int i = 0; i < REQUESTS_PER_MINUTE; i++) {
        traffic.next(0.5, minute / DAY_MINUTES);
        int arm = traffic.candidate() ? 1 : 0;
        counts[arm]++;
        errors[arm][minute] += traffic.failed() ? 1 : 0;
        nanos[arm][minute] += traffic.nanos();
      }
      for (int arm = 0; arm < 2; arm++) {
        errors[arm][minute] /= counts[arm];
        nanos[arm][minute] /= counts[arm];
      }
      int known = minute + 1;
      if (known % MINUTES_PER_JUDGEMENT == 0 && (higher(errors, known) || higher(nanos, known))) {
        return true;
      }
    }
    return false;
  }

  private static boolean higher(double[][] series, int known) {
    MannWhitney test =
        MannWhitney.of(Arrays.copyOf(series[1], known), Arrays.copyOf(series[0], known));
    return test.p() < 1 - CONFIDENCE && test.u() > known * (double) known / 2;
  }

  /**
   * Two-proportion z-tests of errors and of answers slower than the stable variant's p95 on all
   * requests of a ramp over 5, 10, 25 and 50 %, each minute of 100; the first one beyond 1.96 rolls
   * back. 10 requests a second.
   */
  static boolean peekedZ(World world, long seed) {
    SimulatedTraffic traffic = new SimulatedTraffic(world, seed);
    PeekedTests tests = new PeekedTests();
    double limit = SimulatedTraffic.MEDIAN_NANOS * Math.exp(P95 * world.spread());
    for (int minute = 0; minute < MINUTES; minute++) {
      double rho = FalseAlarms.RAMP[FalseAlarms.RAMP.length * minute / MINUTES];
      for (int i = 0; i < REQUESTS_PER_MINUTE; i++) {
        traffic.next(rho, minute / DAY_MINUTES);
        tests.request(traffic.candidate(), rho, traffic.failed(), traffic.nanos() > limit);
      }
      if (tests.errors() > PeekedTests.Z || tests.slow() > PeekedTests.Z) {
        return true;
      }
    }
    return false;
  }
}
