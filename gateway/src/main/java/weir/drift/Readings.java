package weir.drift;

import java.util.ArrayList;
import java.util.List;
import weir.drift.DriftReport.OfVariant;
import weir.drift.SignalDrift.Bin;
import weir.drift.SignalDrift.Distribution;
import weir.drift.SignalDrift.Share;
import weir.observation.DriftMeters.Reading;
import weir.observation.Metric;

/** A watched variant's report as gauges, every bin from 0. */
final class Readings {
  private Readings() {}

  static List<Reading> of(WatchedVariant watched) {
    WatchedVariant.Terms terms = watched.terms();
    OfVariant report = watched.report();
    List<Signal> signals = terms.signals();
    List<Reading> readings = new ArrayList<>();
    add(readings, Metric.DRIFT_WINDOW, (double) terms.settings().window().toSeconds());
    add(readings, Metric.DRIFT_SAMPLES_MIN, (double) terms.settings().samplesMin());
    add(readings, Metric.BASELINE_TIMESTAMP, terms.baseline().madeAt().toEpochMilli() / 1e3);
    int left = terms.baseline().signals().size() - signals.size();
    add(readings, Metric.DRIFT_UNTRACKED, left, "features");
    add(
        readings,
        Metric.DRIFT_UNTRACKED,
        (double) signals.stream().filter(Readings::hasOther).count(),
        "values");
    for (int i = 0; i < signals.size(); i++) {
      add(readings, signals.get(i), report.signals().get(i));
    }
    return readings;
  }

  private static boolean hasOther(Signal signal) {
    return signal instanceof Signal.Categorical categorical && !categorical.closed();
  }

  private static void add(List<Reading> readings, Signal signal, SignalDrift drift) {
    String feature = signal.name();
    long present = signal.present();
    String side = signal.place().side().label();
    add(readings, Metric.BASELINE_SAMPLES, (double) present, feature, side);
    add(readings, Metric.DRIFT_SAMPLES, (double) drift.samples(), feature);
    add(readings, Metric.DRIFT_STATUS, drift.status().gauge(), feature);
    for (Bin bin : drift.bins()) {
      List<String> labels = List.of(feature, bin.label());
      readings.add(new Reading(Metric.DRIFT_WINDOW_BIN, labels, (double) bin.window()));
      double ratio = (double) bin.baseline() / present;
      readings.add(new Reading(Metric.BASELINE_BIN_RATIO, labels, ratio));
    }
    for (Share share : drift.shares()) {
      add(readings, Metric.DRIFT_WINDOW_ODD, (double) share.rows(), feature, share.kind().label());
      add(readings, Metric.BASELINE_ODD_RATIO, share.baseline(), feature, share.kind().label());
    }
    Distribution shape = drift.distribution();
    add(readings, Metric.DRIFT_SCORE, shape.psi(), feature, "psi");
    add(readings, Metric.DRIFT_SCORE, shape.jensenShannon(), feature, "js");
    if (signal instanceof Signal.Numeric) {
      add(readings, Metric.DRIFT_SCORE, shape.ks(), feature, "ks");
      add(readings, Metric.DRIFT_SCORE, shape.wasserstein(), feature, "wasserstein");
    }
  }

  private static void add(List<Reading> readings, Metric metric, double value, String... labels) {
    readings.add(new Reading(metric, List.of(labels), value));
  }
}
