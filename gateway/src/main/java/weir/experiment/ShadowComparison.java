package weir.experiment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import weir.experiment.ShadowReport.Labels;
import weir.experiment.ShadowReport.Output;
import weir.experiment.ShadowReport.Quantiles;
import weir.experiment.ShadowReport.Worst;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.observation.ShadowAnswer;
import weir.observation.ShadowMeters.Result;
import weir.observation.ShadowObserver.Drop;
import weir.stats.QuantileSketch;

/**
 * The copies of one shadow against one stable version, summed up.
 *
 * <p>Bounded: four sketches, {@value #OUTPUTS_MAX} outputs, the {@value #WORST_MAX} worst requests
 * by their ids. Keeps no tensor. Any thread.
 */
final class ShadowComparison {
  static final int WORST_MAX = 10;
  static final int OUTPUTS_MAX = 64;

  private static final double NANOS = 1e9;

  private final String stable;
  private final String shadow;
  private final ShadowTolerance tolerance;
  private final Instant since;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Long> failed = new TreeMap<>();
  private final EnumMap<Drop, Long> dropped = new EnumMap<>(Drop.class);
  private final Map<String, Output> outputs = new LinkedHashMap<>();
  private final List<Worst> worst = new ArrayList<>();
  private final QuantileSketch differences = new QuantileSketch();
  private final QuantileSketch noise = new QuantileSketch();
  private final QuantileSketch stableSeconds = new QuantileSketch();
  private final QuantileSketch shadowSeconds = new QuantileSketch();
  private long failures;
  private int failuresInARow;
  private long equal;
  private long different;
  private long withinNoise;
  private long incomparable;
  private long labelled;
  private long agreed;
  private double largestNoise;
  private String lastIncomparable = "";

  ShadowComparison(String stable, String shadow, ShadowTolerance tolerance, Instant since) {
    this.stable = stable;
    this.shadow = shadow;
    this.tolerance = tolerance;
    this.since = since;
  }

  String stable() {
    return stable;
  }

  Result add(ShadowAnswer answer) {
    lock.lock();
    try {
      return switch (answer.got()) {
        case Rejected rejected -> failed(rejected);
        case Answered got -> answered(answer, got);
      };
    } finally {
      lock.unlock();
    }
  }

  void dropped(Drop reason) {
    lock.lock();
    try {
      dropped.merge(reason, 1L, Long::sum);
    } finally {
      lock.unlock();
    }
  }

  private Result failed(Rejected rejected) {
    failures++;
    failuresInARow++;
    failed.merge(rejected.reason().label(), 1L, Long::sum);
    return Result.FAILED;
  }

  private Result answered(ShadowAnswer answer, Answered got) {
    failuresInARow = 0;
    time(stableSeconds, answer.expected());
    time(shadowSeconds, got);
    Optional<ShadowDifference> itself =
        answer
            .again()
            .map(again ->
                ShadowDifference.of(answer.expected().outputs(), again.outputs(), tolerance))
            .filter(difference -> difference.incomparable().isEmpty());
    itself.ifPresent(difference -> {
      noise.add(bounded(difference.largest()));
      largestNoise = Math.max(largestNoise, difference.largest());
    });
    ShadowDifference difference =
        ShadowDifference.of(answer.expected().outputs(), got.outputs(), tolerance);
    if (difference.incomparable().isPresent()) {
      incomparable++;
      lastIncomparable = difference.incomparable().get();
      return Result.INCOMPARABLE;
    }
    differences.add(bounded(difference.largest()));
    difference
        .labels()
        .ifPresent(agree -> {
          labelled++;
          agreed += agree ? 1 : 0;
        });
    difference.outputs().forEach(this::add);
    if (difference.equal()) {
      equal++;
      return Result.EQUAL;
    }
    different++;
    if (noisy(difference, itself)) {
      withinNoise++;
    }
    remember(answer, difference.largest());
    return Result.DIFFERENT;
  }

  /** A label that differs is noise only where the stable version's own label differs, too. */
  private boolean noisy(ShadowDifference difference, Optional<ShadowDifference> itself) {
    boolean labels =
        difference.labels().orElse(true)
            || itself.flatMap(ShadowDifference::labels).map(agree -> !agree).orElse(false);
    return noise.count() > 0 && labels && difference.largest() <= largestNoise;
  }

  private static void time(QuantileSketch sketch, Answered answered) {
    if (answered.modelNanos() > 0) {
      sketch.add(answered.modelNanos() / NANOS);
    }
  }

  /** Sketches keep floats. */
  private static double bounded(double difference) {
    return Math.min(difference, Float.MAX_VALUE);
  }

  private void add(ShadowDifference.Output output) {
    Output before = outputs.getOrDefault(output.name(), new Output(output.name(), 0, 0));
    if (outputs.size() < OUTPUTS_MAX || outputs.containsKey(output.name())) {
      outputs.put(
          output.name(),
          new Output(
              output.name(),
              before.different() + (output.equal() ? 0 : 1),
              Math.max(before.largest(), output.largest())));
    }
  }

  private void remember(ShadowAnswer answer, double difference) {
    if (worst.size() < WORST_MAX || difference > worst.getLast().difference()) {
      worst.add(new Worst(answer.predictionId(), answer.requestId(), difference));
      worst.sort(Comparator.comparingDouble(Worst::difference).reversed());
      if (worst.size() > WORST_MAX) {
        worst.removeLast();
      }
    }
  }

  /** The quantile of the differences, NaN before there is one. */
  double difference(double p) {
    lock.lock();
    try {
      return quantile(differences, p);
    } finally {
      lock.unlock();
    }
  }

  ShadowLook look() {
    lock.lock();
    try {
      return judge().look(failuresInARow, Map.copyOf(failed));
    } finally {
      lock.unlock();
    }
  }

  ShadowReport report(boolean running) {
    lock.lock();
    try {
      ShadowJudge judge = judge();
      Map<String, Long> drops = new TreeMap<>();
      dropped.forEach((reason, count) -> drops.put(reason.label(), count));
      Quantiles apart = quantiles(differences);
      ShadowVerdict verdict =
          judge.verdict(apart, new Labels(labelled, agreed), failed, lastIncomparable);
      return new ShadowReport(
          shadow,
          stable,
          running,
          since,
          judge.answered(),
          equal,
          different,
          withinNoise,
          incomparable,
          failed,
          drops,
          new Labels(labelled, agreed),
          apart,
          quantiles(noise),
          quantiles(stableSeconds),
          quantiles(shadowSeconds),
          List.copyOf(outputs.values()),
          worst,
          judge.failedLow(),
          judge.failedHigh(),
          judge.mismatchHigh(),
          verdict,
          judge.advice(verdict, quantiles(stableSeconds), quantiles(shadowSeconds)));
    } finally {
      lock.unlock();
    }
  }

  private ShadowJudge judge() {
    return new ShadowJudge(
        equal + different + incomparable, different - withinNoise + incomparable, failures);
  }

  private static Quantiles quantiles(QuantileSketch sketch) {
    return new Quantiles(
        sketch.count(),
        quantile(sketch, 0.5),
        quantile(sketch, 0.9),
        quantile(sketch, 0.99),
        quantile(sketch, 1));
  }

  private static double quantile(QuantileSketch sketch, double p) {
    return sketch.count() == 0 ? Double.NaN : sketch.quantile(p);
  }
}
