package weir.simulation;

import weir.stats.Moments;

/**
 * The fixed-horizon tests of the textbook on all that came so far, asked at every look: two-sided z
 * for rates and means over all requests as they are, χ² (as z) for the shares.
 */
final class PeekedTests {
  /** Two-sided 5 %. */
  static final double Z = 1.959964;

  private Moments stableErrors = Moments.NONE;
  private Moments candidateErrors = Moments.NONE;
  private Moments stableSlow = Moments.NONE;
  private Moments candidateSlow = Moments.NONE;
  private Moments stableRewards = Moments.NONE;
  private Moments candidateRewards = Moments.NONE;
  private double surplus;
  private double spread;

  void request(boolean candidate, double rho, boolean failed, boolean slow) {
    surplus += (candidate ? 1 : 0) - rho;
    spread += rho * (1 - rho);
    double error = failed ? 1 : 0;
    double late = slow ? 1 : 0;
    if (candidate) {
      candidateErrors = candidateErrors.with(error);
      candidateSlow = candidateSlow.with(late);
    } else {
      stableErrors = stableErrors.with(error);
      stableSlow = stableSlow.with(late);
    }
  }

  void reward(boolean candidate, double value) {
    if (candidate) {
      candidateRewards = candidateRewards.with(value);
    } else {
      stableRewards = stableRewards.with(value);
    }
  }

  double errors() {
    return rates(stableErrors, candidateErrors);
  }

  double slow() {
    return rates(stableSlow, candidateSlow);
  }

  double rewards() {
    return z(
        stableRewards,
        candidateRewards,
        stableRewards.variance() / stableRewards.count()
            + candidateRewards.variance() / candidateRewards.count());
  }

  double shares() {
    return spread > 0 ? surplus / Math.sqrt(spread) : 0;
  }

  private static double rates(Moments stable, Moments candidate) {
    double mean = stable.plus(candidate).mean();
    return z(
        stable, candidate, mean * (1 - mean) * (1.0 / stable.count() + 1.0 / candidate.count()));
  }

  private static double z(Moments stable, Moments candidate, double variance) {
    return stable.count() < 2 || candidate.count() < 2 || !(variance > 0)
        ? 0
        : (candidate.mean() - stable.mean()) / Math.sqrt(variance);
  }
}
