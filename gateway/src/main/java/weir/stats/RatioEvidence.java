package weir.stats;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * What events have shown about the risk ratio r = candidate's event rate / stable's event rate.
 *
 * <p>L_g is the log likelihood ratio of r = r_g against r = 1 on the grid ln r_g =
 * (g−40)·ln(16)/40, g = 0…80. Disjoint evidence adds. Each question costs about 81 exponentials;
 * immutable.
 *
 * <p>Why it is valid: let both arms have the same event rate at each moment, whatever it does over
 * time. Given the past, and that an event happens now, it falls on the candidate with the
 * probability ρ with which the assignment chose the candidate; with a ratio r, with probability
 * q(r) = ρr/(ρr + 1 − ρ). So each event multiplies exp(L_g) by the likelihood ratio of
 * Bernoulli(q(r_g)) against Bernoulli(ρ), whose mean given the past is ρ·q/ρ + (1−ρ)·(1−q)/(1−ρ) =
 * 1: a test martingale that starts at 1. It needs of ρ only that it is known before the arm is
 * drawn, not that it stays constant. A mixture with fixed weights is a test martingale too, so
 * Ville's inequality gives P(ever E ≥ 1/α) ≤ α. For a true ratio below 1 the factors with r_g > 1
 * have a mean of at most 1, so the harm evidence holds against every r ≤ 1.
 *
 * <p>Source: Lindon, Malek, Anytime-Valid Inference for Multinomial Count Data, arXiv 2011.03567
 * (conditional Bernoulli); grid mixture and predictable ρ: decisions/risk-ratio-grid-mixture.md.
 */
public final class RatioEvidence {
  static final int POINTS = 81;
  private static final int EQUAL = 40;
  private static final double STEP = Math.log(16) / EQUAL;
  private static final int COUNTS = 2;
  private static final double[] EXCESS = excess();
  private static final double[] LOG_WEIGHTS = logWeights(0);
  private static final double[] LOG_HARM_WEIGHTS = logWeights(EQUAL + 1);
  private static final RatioEvidence NONE = new RatioEvidence(new double[POINTS], 0, 0);

  private final double[] logLikelihoods;
  private final long onCandidate;
  private final long onStable;

  /** Takes the array over. */
  RatioEvidence(double[] logLikelihoods, long onCandidate, long onStable) {
    this.logLikelihoods = logLikelihoods;
    this.onCandidate = onCandidate;
    this.onStable = onStable;
  }

  /** No events. */
  public static RatioEvidence none() {
    return NONE;
  }

  /** The evidence that {@link #toArray} wrote; refuses arrays of another length or meaning. */
  public static RatioEvidence fromArray(double[] stored) {
    if (stored.length != COUNTS + POINTS) {
      throw new IllegalArgumentException(
          "ratio evidence is " + (COUNTS + POINTS) + " numbers, not " + stored.length);
    }
    for (double value : stored) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("ratio evidence is finite, not " + value);
      }
    }
    if (stored[0] < 0 || stored[1] < 0 || stored[COUNTS + EQUAL] != 0) {
      throw new IllegalArgumentException("ratio evidence has counts >= 0 and L = 0 at ratio 1");
    }
    return new RatioEvidence(
        Arrays.copyOfRange(stored, COUNTS, stored.length), (long) stored[0], (long) stored[1]);
  }

  /** Events on the candidate, events on the stable variant, then the L_g: 83 numbers. */
  public double[] toArray() {
    double[] stored = new double[COUNTS + POINTS];
    stored[0] = onCandidate;
    stored[1] = onStable;
    System.arraycopy(logLikelihoods, 0, stored, COUNTS, POINTS);
    return stored;
  }

  public long onCandidate() {
    return onCandidate;
  }

  public long onStable() {
    return onStable;
  }

  /** This and {@code other}, which holds other events of the same ratio. */
  public RatioEvidence plus(RatioEvidence other) {
    double[] sum = logLikelihoods.clone();
    for (int g = 0; g < POINTS; g++) {
      sum[g] += other.logLikelihoods[g];
    }
    return new RatioEvidence(sum, onCandidate + other.onCandidate, onStable + other.onStable);
  }

  /** ln E against r = 1, for differences in either direction. */
  public double logEvidence() {
    return LogEvidence.mixture(logLikelihoods, LOG_WEIGHTS);
  }

  /** ln E against r ≤ 1: the candidate has more events. */
  public double logHarmEvidence() {
    return LogEvidence.mixture(logLikelihoods, LOG_HARM_WEIGHTS);
  }

  /**
   * A confidence sequence for r: over all looks it leaves the true ratio out with probability at
   * most {@code alpha}, if r was constant over this evidence.
   *
   * <p>E/exp(L(r)) is the mixture's likelihood ratio against r, so r is left out where L(r) ≤ ln E
   * − ln(1/α). L is concave in ln r; the ends lie where the chords beside the last grid point
   * inside, which bound L from above, cross that level: never inside the exact ends, and outside
   * them by far less than the grid's 7 %. An end beyond 1/16 or 16 is 0 or infinite.
   */
  public Interval bounds(double alpha) {
    double level = logEvidence() - Level.threshold(alpha);
    int low = 0;
    while (logLikelihoods[low] <= level) {
      low++;
    }
    int high = POINTS - 1;
    while (logLikelihoods[high] <= level) {
      high--;
    }
    return new Interval(
        low == 0 ? 0 : Math.exp(logRatio(low) - STEP * reach(low, -1, level)),
        high == POINTS - 1
            ? Double.POSITIVE_INFINITY
            : Math.exp(logRatio(high) + STEP * reach(high, 1, level)));
  }

  /** How far towards its neighbour outside, in steps, L can stay above the level at most. */
  private double reach(int inside, int outwards, double level) {
    double reach = 1;
    double here = logLikelihoods[inside];
    double next = logLikelihoods[inside + outwards];
    int before = inside - outwards;
    if (before >= 0 && before < POINTS && logLikelihoods[before] > here) {
      reach = Math.min(reach, (here - level) / (logLikelihoods[before] - here));
    }
    int beyond = inside + 2 * outwards;
    if (beyond >= 0 && beyond < POINTS && next > logLikelihoods[beyond]) {
      reach = Math.min(reach, 1 - (level - next) / (next - logLikelihoods[beyond]));
    }
    return Math.max(0, reach);
  }

  /**
   * The most likely ratio, within [1/16, 16]; empty before the first event.
   *
   * <p>The vertex of the parabola through the best grid point and its neighbours; its error is far
   * below the ratio's own spread.
   */
  public OptionalDouble estimate() {
    if (onCandidate + onStable == 0) {
      return OptionalDouble.empty();
    }
    int best = 0;
    for (int g = 1; g < POINTS; g++) {
      if (logLikelihoods[g] > logLikelihoods[best]) {
        best = g;
      }
    }
    double shift = 0;
    if (best > 0 && best < POINTS - 1) {
      double below = logLikelihoods[best] - logLikelihoods[best - 1];
      double above = logLikelihoods[best] - logLikelihoods[best + 1];
      shift = below + above > 0 ? (below - above) / (2 * (below + above)) : 0;
    }
    return OptionalDouble.of(Math.exp(logRatio(best) + STEP * shift));
  }

  static double logRatio(int g) {
    return (g - EQUAL) * STEP;
  }

  /** r_g − 1, exactly 0 at the middle. */
  static double excess(int g) {
    return EXCESS[g];
  }

  private static double[] excess() {
    double[] excess = new double[POINTS];
    for (int g = 0; g < POINTS; g++) {
      excess[g] = Math.expm1(logRatio(g));
    }
    return excess;
  }

  /** ln of weights ∝ exp(−(ln r_g)²/2) from grid point {@code first} on, 0 before it. */
  private static double[] logWeights(int first) {
    double[] logWeights = new double[POINTS];
    double sum = 0;
    for (int g = first; g < POINTS; g++) {
      logWeights[g] = -logRatio(g) * logRatio(g) / 2;
      sum += Math.exp(logWeights[g]);
    }
    for (int g = 0; g < POINTS; g++) {
      logWeights[g] = g < first ? Double.NEGATIVE_INFINITY : logWeights[g] - Math.log(sum);
    }
    return logWeights;
  }
}
