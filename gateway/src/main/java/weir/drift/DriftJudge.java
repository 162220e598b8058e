package weir.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import weir.drift.DriftSettings.Threshold;
import weir.drift.SignalDrift.Distribution;
import weir.drift.SignalDrift.Share;
import weir.stats.ChiSquare;
import weir.stats.Divergence;

/**
 * Says what two consecutive disjoint windows show of one signal; pure.
 *
 * <p>A test speaks when, in both windows, there are enough rows, the effect is large enough and χ²
 * is significant; it says the quieter of the two. α is the alarm budget over the tests of all
 * signals and the windows of a week, so that even one window alone keeps the budget (Bonferroni).
 */
final class DriftJudge {
  private static final double ALPHA_MAX = 0.01;
  private static final Duration WEEK = Duration.ofDays(7);

  private final DriftSettings settings;
  private final double alpha;

  DriftJudge(DriftSettings settings, List<Signal> signals) {
    this.settings = settings;
    int tests = signals.stream().mapToInt(signal -> 1 + kinds(signal).size()).sum();
    double windows = (double) WEEK.toSeconds() / settings.window().toSeconds();
    alpha = Math.min(ALPHA_MAX, settings.falseAlarmsPerWeek() / (tests * windows));
  }

  double alpha() {
    return alpha;
  }

  /** The kinds of rows that are counted beside the bins. */
  static List<Share.Kind> kinds(Signal signal) {
    return switch (signal) {
      case Signal.Numeric _ -> List.of(Share.Kind.MISSING, Share.Kind.OUT_OF_RANGE);
      case Signal.Categorical categorical ->
          categorical.closed()
              ? List.of(Share.Kind.MISSING, Share.Kind.UNSEEN)
              : List.of(Share.Kind.MISSING);
    };
  }

  /** The signal in {@code current}, the window that ended at {@code end}, after the one before. */
  SignalDrift judge(Signal signal, WindowCounts previous, WindowCounts current, Instant end) {
    Distribution distribution = distribution(signal, previous, current);
    List<Share> shares = new ArrayList<>();
    DriftStatus status = distribution.status();
    for (Share.Kind kind : kinds(signal)) {
      Share share = share(kind, signal, previous, current);
      shares.add(share);
      status = status.or(share.status());
    }
    return new SignalDrift(
        signal.name(),
        signal.place(),
        status,
        since(status, end),
        current.rows(),
        distribution,
        shares,
        bins(signal, current));
  }

  private Instant since(DriftStatus status, Instant end) {
    return switch (status) {
      case OK, INSUFFICIENT -> end;
      case WARN, DRIFT -> end.minus(settings.window().multipliedBy(2));
    };
  }

  private Distribution distribution(Signal signal, WindowCounts previous, WindowCounts current) {
    if (current.present() == 0) {
      return Distribution.NONE;
    }
    long[] baseline = array(signal.counts());
    long[] window = array(current.bins());
    ChiSquare test = ChiSquare.homogeneity(baseline, window);
    boolean ordered = signal instanceof Signal.Numeric;
    return new Distribution(
        quieter(moved(signal, previous), moved(signal, current)),
        Divergence.psi(baseline, window),
        Divergence.jensenShannon(baseline, window),
        ordered ? Divergence.kolmogorovSmirnov(baseline, window) : 0,
        wasserstein(signal, baseline, window),
        test.statistic(),
        test.degrees(),
        test.p(),
        test.wilsonHilferty());
  }

  private static double wasserstein(Signal signal, long[] baseline, long[] window) {
    if (!(signal instanceof Signal.Numeric numeric) || numeric.sd() == 0) {
      return 0;
    }
    double[] edges = numeric.binning().edges();
    double[] bounds = new double[edges.length + 2];
    bounds[0] = numeric.min();
    System.arraycopy(edges, 0, bounds, 1, edges.length);
    bounds[edges.length + 1] = numeric.max();
    return Divergence.wasserstein(baseline, window, bounds) / numeric.sd();
  }

  /** What one window alone would say of the distribution. */
  private DriftStatus moved(Signal signal, WindowCounts counts) {
    if (counts.present() < settings.samplesMin()) {
      return DriftStatus.INSUFFICIENT;
    }
    long[] baseline = array(signal.counts());
    long[] window = array(counts.bins());
    return ChiSquare.homogeneity(baseline, window).p() >= alpha
        ? DriftStatus.OK
        : level(Divergence.psi(baseline, window), settings.psi());
  }

  private Share share(Share.Kind kind, Signal signal, WindowCounts previous, WindowCounts current) {
    long odd = odd(kind, current);
    return new Share(
        kind,
        quieter(grown(kind, signal, previous), grown(kind, signal, current)),
        (double) odd(kind, signal) / signal.rows(),
        current.rows() == 0 ? 0 : (double) odd / current.rows(),
        odd,
        current.rows() == 0 ? 1 : homogeneity(kind, signal, current).p());
  }

  /** What one window alone would say of the share of odd rows. */
  private DriftStatus grown(Share.Kind kind, Signal signal, WindowCounts counts) {
    if (counts.rows() < settings.samplesMin()) {
      return DriftStatus.INSUFFICIENT;
    }
    double growth =
        (double) odd(kind, counts) / counts.rows() - (double) odd(kind, signal) / signal.rows();
    return homogeneity(kind, signal, counts).p() >= alpha
        ? DriftStatus.OK
        : level(growth, settings.share());
  }

  private static ChiSquare homogeneity(Share.Kind kind, Signal signal, WindowCounts counts) {
    long before = odd(kind, signal);
    long now = odd(kind, counts);
    return ChiSquare.homogeneity(
        new long[] {before, signal.rows() - before}, new long[] {now, counts.rows() - now});
  }

  /** By its making, nothing in a baseline is out of its range or unseen. */
  private static long odd(Share.Kind kind, Signal signal) {
    return switch (kind) {
      case MISSING -> signal.missing();
      case OUT_OF_RANGE, UNSEEN -> 0;
    };
  }

  private static long odd(Share.Kind kind, WindowCounts counts) {
    return switch (kind) {
      case MISSING -> counts.missing();
      case OUT_OF_RANGE, UNSEEN -> counts.beyond();
    };
  }

  private static DriftStatus level(double effect, Threshold threshold) {
    if (effect >= threshold.drift()) {
      return DriftStatus.DRIFT;
    }
    return effect >= threshold.warn() ? DriftStatus.WARN : DriftStatus.OK;
  }

  /** Two windows agree on the quieter one, but on nothing when one has too few rows. */
  private static DriftStatus quieter(DriftStatus previous, DriftStatus current) {
    if (previous == DriftStatus.INSUFFICIENT || current == DriftStatus.INSUFFICIENT) {
      return DriftStatus.INSUFFICIENT;
    }
    return previous.compareTo(current) <= 0 ? previous : current;
  }

  private static List<SignalDrift.Bin> bins(Signal signal, WindowCounts current) {
    List<String> labels = signal.labels();
    List<SignalDrift.Bin> bins = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      bins.add(new SignalDrift.Bin(labels.get(i), signal.counts().get(i), current.bins().get(i)));
    }
    return bins;
  }

  private static long[] array(List<Long> counts) {
    return counts.stream().flatMapToLong(LongStream::of).toArray();
  }
}
