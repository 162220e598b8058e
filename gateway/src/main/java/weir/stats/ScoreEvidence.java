package weir.stats;

/**
 * Sums over outcomes of traffic whose shares followed earlier outcomes, as a bandit's do; disjoint
 * evidence adds.
 *
 * <p>With x = 1 on the candidate and 0 on the stable variant, ρ its probability, y the outcome and
 * m a centre known before x was drawn: score = Σ(x−ρ)(y−m), information = Σρ(1−ρ), variation =
 * Σ(x−ρ)²(y−m)². {@code stable} and {@code candidate} count outcomes, {@code total} sums them.
 */
public record ScoreEvidence(
    long stable, long candidate, double total, double score, double information, double variation) {
  /** No outcomes. */
  public static final ScoreEvidence NONE = new ScoreEvidence(0, 0, 0, 0, 0, 0);

  public ScoreEvidence {
    if (stable < 0 || candidate < 0 || !(information >= 0) || !(variation >= 0)) {
      throw new IllegalArgumentException(
          "counts, information and variation are at least 0, not %d, %d, %s, %s"
              .formatted(stable, candidate, information, variation));
    }
  }

  public ScoreEvidence plus(ScoreEvidence other) {
    return new ScoreEvidence(
        stable + other.stable,
        candidate + other.candidate,
        total + other.total,
        score + other.score,
        information + other.information,
        variation + other.variation);
  }

  /** θ = score/information with V = variation/information², or what is missing to say it. */
  public MeanDifference difference(MeanDifference.Kind kind, double tau) {
    return MeanDifference.of(
        new long[] {stable, candidate},
        kind,
        score / information,
        variation / (information * information),
        tau);
  }
}
