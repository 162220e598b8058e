package weir.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import weir.drift.SimulatedStream.Feature;
import weir.observation.DriftMeters.Reading;
import weir.observation.Metric;

/** The worlds in which drift is judged; each is repeatable by its seed. */
final class DriftWorlds {
  private static final double SHARE_MIN = 1e-4;

  private DriftWorlds() {}

  /** How often something was said. */
  record Rate(long hits, long of) {
    double share() {
      return (double) hits / of;
    }

    double standardError() {
      return Math.sqrt(share() * (1 - share()) / of);
    }
  }

  /** What one rule said, per feature and of any feature. */
  record Said(Rate each, Rate any) {}

  /** The rules beside each other in one world. */
  record Compared(Said psi, Said test, Said distance, Said alarm, Said drift) {}

  /** A baseline of one half of all rows, two windows from the other: was any feature alarmed? */
  static Rate halves(SimulatedStream stream, int rows, int repetitions, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int alarms = 0;
    for (int i = 0; i < repetitions; i++) {
      int[] order = stream.shuffled(random);
      int half = order.length / 2;
      Baseline baseline = stream.baseline(Arrays.copyOf(order, half));
      SimulatedWatch watch = new SimulatedWatch(stream, baseline);
      int alarmed =
          watch.window(stream, order, half, half + rows)
              + watch.window(stream, order, half + rows, half + 2 * rows);
      alarms += alarmed > 0 ? 1 : 0;
    }
    return new Rate(alarms, repetitions);
  }

  /** Alarms that began in as many weeks without drift as {@code draws} has repetitions. */
  static Rate weeks(SimulatedStream stream, Draws draws, int hours) {
    SplittableRandom random = new SplittableRandom(draws.seed());
    long alarms = 0;
    for (int week = 0; week < draws.repetitions(); week++) {
      Baseline baseline = stream.baseline(stream.draw(draws.baselineRows(), random));
      SimulatedWatch watch = new SimulatedWatch(stream, baseline);
      for (int hour = 0; hour <= hours; hour++) {
        alarms += watch.window(stream, stream.draw(draws.rows(), random));
      }
    }
    return new Rate(alarms, draws.repetitions());
  }

  /** What is drawn for a baseline, then for each window, and how often. */
  record Draws(int baselineRows, int rows, int repetitions, long seed) {}

  /** Every rule on the same rows: Weir on two windows, the others on the second of them. */
  static Compared compare(
      SimulatedStream base, SimulatedStream stream, List<Integer> features, Draws draws) {
    SplittableRandom random = new SplittableRandom(draws.seed());
    long[] each = new long[5];
    long[] any = new long[5];
    for (int i = 0; i < draws.repetitions(); i++) {
      int[] baselineRows = base.draw(draws.baselineRows(), random);
      Baseline baseline = base.baseline(baselineRows);
      SimulatedWatch watch = new SimulatedWatch(base, baseline);
      watch.window(stream, stream.draw(draws.rows(), random));
      int[] window = stream.draw(draws.rows(), random);
      watch.window(stream, window);
      boolean[] hit = new boolean[5];
      for (int feature : features) {
        Feature before = base.features().get(feature);
        Feature after = stream.features().get(feature);
        UsualTools said =
            UsualTools.judge(
                baseline.signals().get(feature),
                before,
                before.count(baselineRows),
                after,
                after.count(window));
        DriftStatus status = watch.status(feature);
        boolean[] now = {
          said.psi(),
          said.test(),
          said.distance(),
          SimulatedWatch.alarmed(status),
          status == DriftStatus.DRIFT
        };
        for (int rule = 0; rule < now.length; rule++) {
          each[rule] += now[rule] ? 1 : 0;
          hit[rule] |= now[rule];
        }
      }
      for (int rule = 0; rule < hit.length; rule++) {
        any[rule] += hit[rule] ? 1 : 0;
      }
    }
    List<Said> said = new ArrayList<>();
    long repetitions = draws.repetitions();
    for (int rule = 0; rule < each.length; rule++) {
      said.add(
          new Said(
              new Rate(each[rule], repetitions * features.size()),
              new Rate(any[rule], repetitions)));
    }
    return new Compared(said.get(0), said.get(1), said.get(2), said.get(3), said.get(4));
  }

  /**
   * The largest difference between the PSI of one monitor that saw all rows and the PSI made, as
   * the fleet's rules make it, from the summed gauges of replicas that saw a part each; the last
   * replica starts in the second window.
   */
  static double fleet(SimulatedStream stream, int replicas, int repetitions, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double largest = 0;
    for (int i = 0; i < repetitions; i++) {
      Baseline baseline = stream.baseline(stream.draw(2_000, random));
      SimulatedWatch whole = new SimulatedWatch(stream, baseline);
      List<SimulatedWatch> parts = new ArrayList<>();
      for (int replica = 0; replica < replicas; replica++) {
        parts.add(new SimulatedWatch(stream, baseline));
      }
      for (int window = 0; window < 2; window++) {
        int serving = window == 0 ? replicas - 1 : replicas;
        int[] all = new int[0];
        for (int replica = 0; replica < replicas; replica++) {
          int rows = replica < serving ? 100 + random.nextInt(400) : 0;
          int[] part = stream.draw(rows, random);
          parts.get(replica).window(stream, part);
          int before = all.length;
          all = Arrays.copyOf(all, before + rows);
          System.arraycopy(part, 0, all, before, rows);
        }
        whole.window(stream, all);
      }
      Map<String, Double> summed = summedPsi(parts);
      for (SignalDrift signal : whole.watched().report().signals()) {
        double difference =
            summed.getOrDefault(signal.feature(), Double.NaN) - signal.distribution().psi();
        largest = Math.max(largest, Math.abs(difference));
      }
    }
    return largest;
  }

  /** Of each feature, as ops/prometheus/drift-rules.yaml says it. */
  private static Map<String, Double> summedPsi(List<SimulatedWatch> parts) {
    Map<List<String>, Double> windows = new HashMap<>();
    Map<List<String>, Double> shares = new HashMap<>();
    Map<String, Double> rows = new HashMap<>();
    for (SimulatedWatch part : parts) {
      for (Reading reading : Readings.of(part.watched())) {
        if (reading.metric() == Metric.DRIFT_WINDOW_BIN) {
          windows.merge(reading.labels(), reading.value(), Double::sum);
          rows.merge(reading.labels().getFirst(), reading.value(), Double::sum);
        } else if (reading.metric() == Metric.BASELINE_BIN_RATIO) {
          shares.merge(reading.labels(), reading.value(), Double::max);
        }
      }
    }
    Map<String, Double> psi = new HashMap<>();
    windows.forEach((labels, count) -> {
      String feature = labels.getFirst();
      double q = Math.max(SHARE_MIN, count / rows.getOrDefault(feature, Double.NaN));
      double p = Math.max(SHARE_MIN, shares.getOrDefault(labels, Double.NaN));
      psi.merge(feature, (q - p) * Math.log(q / p), Double::sum);
    });
    return psi;
  }
}
