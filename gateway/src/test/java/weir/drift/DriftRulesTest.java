package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import weir.stats.ChiSquare;
import weir.stats.Divergence;

/**
 * The fleet's rules say what Java says of the summed counts, to 1e-9: the test of the rules is
 * written from here, and run by promtool among the dashboards' tests. To renew it, delete it and
 * run this.
 */
class DriftRulesTest {
  private static final Path FOLDER = Path.of("../ops/prometheus");
  private static final Path RULES_TEST = FOLDER.resolve("drift-rules.test.yaml");
  private static final int MINUTES = 9;

  /** Replica b starts at minute 3; a is gone at minute 5, and back with less at minute 6. */
  private static final int LATE = 3;

  private static final int GONE = 5;

  /** A feature's counts by bin: of the baseline, of replica a, of b, and of a once it is back. */
  private static final class Feature {
    private final String name;
    private final long[] baseline;
    private final long[] a;
    private final long[] b;
    private final long[] again;

    Feature(String name, long[] baseline, long[] a, long[] b, long[] again) {
      this.name = name;
      this.baseline = baseline;
      this.a = a;
      this.b = b;
      this.again = again;
    }

    String name() {
      return name;
    }

    long[] baseline() {
      return baseline;
    }

    /** A replica's count at a minute, which grows with time; −1 when there is none. */
    long count(String replica, int bin, int minute) {
      if (replica.equals("b")) {
        return minute < LATE ? -1 : b[bin] * (minute - LATE + 1);
      }
      if (minute == GONE) {
        return -1;
      }
      return minute < GONE ? a[bin] * (minute + 1) : again[bin] * (minute - GONE);
    }

    long[] sum(int minute) {
      long[] sum = new long[baseline.length];
      for (int bin = 0; bin < sum.length; bin++) {
        sum[bin] = Math.max(0, count("a", bin, minute)) + Math.max(0, count("b", bin, minute));
      }
      return sum;
    }
  }

  private static final List<Feature> FEATURES =
      List.of(
          new Feature(
              "size",
              new long[] {1_000, 1_017, 983, 0, 2_000},
              new long[] {31, 17, 0, 0, 90},
              new long[] {5, 40, 0, 0, 71},
              new long[] {0, 3, 0, 0, 11}),
          new Feature(
              "colour",
              new long[] {4_000, 999, 1},
              new long[] {40, 9, 0},
              new long[] {39, 12, 0},
              new long[] {7, 1, 2}));

  @Test
  void rulesTest_file_isWhatJavaComputes() throws IOException {
    String expected = rulesTest();
    if (!Files.exists(RULES_TEST)) {
      Files.writeString(RULES_TEST, expected);
    }

    assertThat(RULES_TEST).hasContent(expected);
  }

  private static String rulesTest() {
    StringBuilder text =
        new StringBuilder(
            """
            # Written by DriftRulesTest: the numbers are Java's, of the summed counts. Replica b starts late, a restarts.
            rule_files: [drift-rules.yaml]
            evaluation_interval: 1m
            tests:
              - interval: 1m
                input_series:
            """);
    for (Feature feature : FEATURES) {
      series(text, feature);
    }
    text.append("    promql_expr_test:\n");
    for (int minute : new int[] {2, 4, 5, 8}) {
      for (Feature feature : FEATURES) {
        expectations(text, feature, minute);
      }
    }
    return text.toString();
  }

  private static void series(StringBuilder text, Feature feature) {
    long rows = 0;
    for (long count : feature.baseline()) {
      rows += count;
    }
    for (String replica : List.of("a", "b")) {
      for (int bin = 0; bin < feature.baseline().length; bin++) {
        List<String> values = new ArrayList<>();
        for (int minute = 0; minute < MINUTES; minute++) {
          long count = feature.count(replica, bin, minute);
          values.add(count >= 0 ? Long.toString(count) : minute == GONE ? "stale" : "_");
        }
        series(text, "weir_drift_window_bin", feature, replica, bin, String.join(" ", values));
        double ratio = (double) feature.baseline()[bin] / rows;
        series(text, "weir_baseline_bin_ratio", feature, replica, bin, ratio + "x" + (MINUTES - 1));
      }
      series(text, "weir_baseline_samples", feature, replica, -1, rows + "x" + (MINUTES - 1));
    }
  }

  private static void series(
      StringBuilder text, String name, Feature feature, String replica, int bin, String values) {
    text.append(
        "      - series: '%s{model=\"m\",variant=\"1\",feature=\"%s\",instance=\"%s\"%s}'\n        values: '%s'\n"
            .formatted(
                name, feature.name(), replica, bin < 0 ? "" : ",bin=\"" + bin + "\"", values));
  }

  private static void expectations(StringBuilder text, Feature feature, int minute) {
    long[] window = feature.sum(minute);
    ChiSquare test = ChiSquare.homogeneity(feature.baseline(), window);
    expectation(
        text, "weir:drift_psi", feature, minute, Divergence.psi(feature.baseline(), window));
    expectation(
        text,
        "weir:drift_js",
        feature,
        minute,
        Divergence.jensenShannon(feature.baseline(), window));
    expectation(text, "weir:drift_chi_square", feature, minute, test.statistic());
    expectation(text, "weir:drift_degrees", feature, minute, test.degrees());
    expectation(text, "weir:drift_z", feature, minute, test.wilsonHilferty());
  }

  private static void expectation(
      StringBuilder text, String rule, Feature feature, int minute, double expected) {
    text.append(
        String.format(
            Locale.ROOT,
            """
                  - expr: 'abs(%s{feature="%s"} - %s) < bool 1e-9'
                    eval_time: %dm
                    exp_samples: [{labels: '{model="m",variant="1",feature="%s"}', value: 1}]
            """,
            rule,
            feature.name(),
            expected,
            minute,
            feature.name()));
  }
}
