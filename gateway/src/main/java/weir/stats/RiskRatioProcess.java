package weir.stats;

/**
 * Gathers events (errors, timeouts, slow answers, conversions) into {@link RatioEvidence}.
 *
 * <p>One per metric; not thread-safe. An event costs 81 additions while ρ stays the same, and 81
 * logarithms when it changes.
 */
public final class RiskRatioProcess {
  private final double[] logLikelihoods = new double[RatioEvidence.POINTS];
  private final double[] candidateTerms = new double[RatioEvidence.POINTS];
  private final double[] stableTerms = new double[RatioEvidence.POINTS];
  private double termsRho = Double.NaN;
  private long onCandidate;
  private long onStable;

  /** A process without events. */
  public RiskRatioProcess() {
    this(RatioEvidence.none());
  }

  /** A process that goes on from {@code evidence}, as after a restart. */
  public RiskRatioProcess(RatioEvidence evidence) {
    double[] stored = evidence.toArray();
    System.arraycopy(
        stored, stored.length - logLikelihoods.length, logLikelihoods, 0, logLikelihoods.length);
    onCandidate = evidence.onCandidate();
    onStable = evidence.onStable();
  }

  /**
   * Adds one event.
   *
   * @param rho the probability, known before the assignment was drawn, of the candidate among the
   *     candidate and the stable variant: with more variants, candidate's share / (candidate's +
   *     stable's). 0 and 1 leave nothing to chance and are passed over.
   */
  public void add(double rho, boolean onCandidate) {
    if (rho != termsRho) {
      if (!(rho >= 0 && rho <= 1)) {
        throw new IllegalArgumentException("rho is a probability, not " + rho);
      }
      prepare(rho);
    }
    if (rho == 0 || rho == 1) {
      return;
    }
    double[] terms = onCandidate ? candidateTerms : stableTerms;
    for (int g = 0; g < RatioEvidence.POINTS; g++) {
      logLikelihoods[g] += terms[g];
    }
    if (onCandidate) {
      this.onCandidate++;
    } else {
      this.onStable++;
    }
  }

  /** A copy of what was gathered so far. */
  public RatioEvidence evidence() {
    return new RatioEvidence(logLikelihoods.clone(), onCandidate, onStable);
  }

  private void prepare(double rho) {
    for (int g = 0; g < RatioEvidence.POINTS; g++) {
      double logRatio = RatioEvidence.logRatio(g);
      stableTerms[g] = -Math.log1p(rho * RatioEvidence.excess(g));
      candidateTerms[g] = logRatio + stableTerms[g];
    }
    termsRho = rho;
  }
}
