package weir.stats;

/**
 * Gathers outcomes of traffic whose shares follow earlier outcomes into {@link ScoreEvidence}.
 *
 * <p>The increment weighted by 1/ρ is x(y−m)/ρ − (1−x)(y−m)/(1−ρ): given the past its mean is the
 * difference of the arms' means, whatever m is, as long as ρ and m are known before the arm is
 * drawn. Here it is multiplied by ρ(1−ρ), which is known as early, and becomes (x−ρ)(y−m). So it
 * stays a martingale under "no difference", no outcome weighs more than 1 where 1/ρ would weigh 20,
 * and score/variation keeps the scale that the normal mixture assumes. For constant shares it is
 * the weight n_A·n_B/(n_A + n_B) of {@link MeanDifference}; see
 * decisions/overlap-weighted-bandit-means.md. Not thread-safe; add outcomes by matured cohort, in
 * an order that does not depend on the arm.
 */
public final class ScoreProcess {
  private ScoreEvidence evidence;

  /** A process without outcomes. */
  public ScoreProcess() {
    this(ScoreEvidence.NONE);
  }

  /** A process that goes on from {@code evidence}, as after a restart. */
  public ScoreProcess(ScoreEvidence evidence) {
    this.evidence = evidence;
  }

  /**
   * Adds one outcome; the first one only sets the centre.
   *
   * @param rho the probability of the candidate among the candidate and the stable variant, as in
   *     {@link RiskRatioProcess#add}; 0 and 1 are passed over
   */
  public void add(double rho, boolean onCandidate, double value) {
    if (!(rho >= 0 && rho <= 1) || !Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "rho is a probability and an outcome finite, not " + rho + ", " + value);
    }
    if (rho == 0 || rho == 1) {
      return;
    }
    long outcomes = evidence.stable() + evidence.candidate();
    double information = outcomes == 0 ? 0 : rho * (1 - rho);
    double centre = outcomes == 0 ? value : evidence.total() / outcomes;
    double increment = ((onCandidate ? 1 : 0) - rho) * (value - centre);
    evidence =
        new ScoreEvidence(
            evidence.stable() + (onCandidate ? 0 : 1),
            evidence.candidate() + (onCandidate ? 1 : 0),
            evidence.total() + value,
            evidence.score() + increment,
            evidence.information() + information,
            evidence.variation() + increment * increment);
  }

  /** What was gathered so far. */
  public ScoreEvidence evidence() {
    return evidence;
  }
}
