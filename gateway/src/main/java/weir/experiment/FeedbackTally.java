package weir.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import weir.stats.MeanDifference;
import weir.stats.Moments;

/**
 * The outcomes of predictions, by era; every replica counts all of them, from the journal.
 *
 * <p>Of more than 256 eras the oldest are left out. Not thread-safe.
 */
final class FeedbackTally {
  private static final int ERAS_MAX = 256;
  private static final long TAU_OUTCOMES = 100;

  private final List<Check> checks;
  private final NavigableMap<Era.Id, Era> eras = new TreeMap<>();
  private final double[] taus;

  FeedbackTally(List<Check> checks) {
    this.checks = checks;
    taus = new double[checks.size()];
    Arrays.fill(taus, Double.NaN);
  }

  void add(Era.Id id, int index, Check.Feedback check, int side, double value) {
    eras.computeIfAbsent(id, now -> new Era(now, checks.size())).add(index, side, value);
    if (eras.size() > ERAS_MAX) {
      eras.pollFirstEntry();
    }
    if (side == Side.STABLE && Double.isNaN(taus[index])) {
      taus[index] = tau(check, stable(index));
    }
  }

  private Moments stable(int check) {
    Moments all = Moments.NONE;
    for (Era era : eras.values()) {
      all = all.plus(era.stratum(check).stable());
    }
    return all;
  }

  /** Fixed at the stable variant's first outcomes: a τ that follows the data is not a prior. */
  private static double tau(Check.Feedback check, Moments stable) {
    if (stable.count() < TAU_OUTCOMES) {
      return Double.NaN;
    }
    double scale = stable.mean() == 0 ? Math.sqrt(stable.variance()) : Math.abs(stable.mean());
    return scale == 0 ? Double.NaN : check.smallest() * scale;
  }

  /** NaN before it is fixed. */
  double tau(int check) {
    return taus[check];
  }

  List<MeanDifference.Stratum> strata(int check) {
    return eras.values().stream().map(era -> era.stratum(check)).toList();
  }
}
