package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Observed shares of {@value #SALTS} fixed salts on {@value #UNITS} units of each kind. */
class AssignmentShareTest {
  private static final int SALTS = 1_000;
  private static final int UNITS = 2_000;
  private static final double P_VALUE_MIN = 1e-4;
  private static final double[] SHARES = {0.6, 0.3, 0.1};

  private final Random random = new Random(20_270_301);
  private final Router router = new Router(() -> random);

  enum Units {
    SEQUENTIAL,
    UUID_LIKE,
    EMAIL_LIKE;

    String value(int i) {
      return switch (this) {
        case SEQUENTIAL -> Integer.toString(i);
        case UUID_LIKE -> {
          Random bits = new Random(i);
          yield new UUID(bits.nextLong(), bits.nextLong()).toString();
        }
        case EMAIL_LIKE -> "user." + i + "@example.org";
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void assign_manySalts_observesConfiguredShares(Units units) {
    double statistic = 0;
    for (int salt = 0; salt < SALTS; salt++) {
      int[] counts = new int[SHARES.length];
      for (int version : versions("salt-" + salt, units)) {
        counts[version]++;
      }
      statistic += checkedStatistic(salt, counts);
    }

    assertThat(tails(statistic, SALTS * (SHARES.length - 1))).isGreaterThan(P_VALUE_MIN);
  }

  @Test
  void assign_randomKeys_observesConfiguredShares() {
    ModelRoute route = route("salt", new Stickiness.None());
    int[] counts = new int[SHARES.length];

    for (int i = 0; i < UNITS; i++) {
      counts[version(router.assign(route, Requests.with()))]++;
    }

    assertThat(tails(checkedStatistic(0, counts), SHARES.length - 1)).isGreaterThan(P_VALUE_MIN);
  }

  /** Whoever meets the candidate of one rollout is as likely as anyone to meet the next one's. */
  @ParameterizedTest
  @EnumSource
  void assign_twoSalts_areIndependent(Units units) {
    double statistic = 0;
    int[] second = versions("salt-0", units);
    for (int salt = 1; salt <= SALTS; salt++) {
      int[] first = second;
      second = versions("salt-" + salt, units);
      double[][] table = new double[2][2];
      for (int i = 0; i < UNITS; i++) {
        table[Math.min(first[i], 1)][Math.min(second[i], 1)]++;
      }
      statistic += independence(table);
    }

    assertThat(tails(statistic, SALTS)).isGreaterThan(P_VALUE_MIN);
  }

  private int[] versions(String salt, Units units) {
    ModelRoute route = route(salt, new Stickiness.ByHeader("user"));
    int[] versions = new int[UNITS];
    for (int i = 0; i < UNITS; i++) {
      versions[i] = version(router.assign(route, Requests.with("user", units.value(i))));
    }
    return versions;
  }

  private static ModelRoute route(String salt, Stickiness stickiness) {
    List<Share> shares =
        List.of(new Share("0", SHARES[0]), new Share("1", SHARES[1]), new Share("2", SHARES[2]));
    return new ModelRoute(salt, stickiness, List.of(), new RoutingPolicy.Split(shares));
  }

  private static int version(Assignment assignment) {
    return Integer.parseInt(assignment.version());
  }

  /** χ² of one salt's counts, each of which lies within 5 standard deviations. */
  private static double checkedStatistic(int salt, int[] counts) {
    double statistic = 0;
    for (int i = 0; i < SHARES.length; i++) {
      double expected = UNITS * SHARES[i];
      double deviation = counts[i] - expected;
      assertThat(Math.abs(deviation))
          .as("salt %d, version %d", salt, i)
          .isLessThan(5 * Math.sqrt(expected * (1 - SHARES[i])));
      statistic += deviation * deviation / expected;
    }
    return statistic;
  }

  private static double independence(double[][] table) {
    double statistic = 0;
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 2; column++) {
        double expected =
            (table[row][0] + table[row][1]) * (table[0][column] + table[1][column]) / UNITS;
        statistic += Math.pow(table[row][column] - expected, 2) / expected;
      }
    }
    return statistic;
  }

  /** The smaller tail: shares that are too even are as wrong as shares that are too far off. */
  private static double tails(double statistic, int degrees) {
    ChiSquaredDistribution distribution = ChiSquaredDistribution.of(degrees);
    return Math.min(
        distribution.survivalProbability(statistic), distribution.cumulativeProbability(statistic));
  }
}
