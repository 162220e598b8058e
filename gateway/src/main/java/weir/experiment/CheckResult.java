package weir.experiment;

/**
 * One check at one look.
 *
 * <p>{@code effect} with {@code low} and {@code high} is a ratio for rates and quantiles, a
 * difference for means; NaN before there is one, and an end that is not bounded yet is infinite.
 * {@code threshold} is what {@code high} has to stay below for the check to pass; where higher
 * means are better, what {@code low} has to stay above. {@code logEvidence} is ln E of harm over
 * the whole rollout. A check that does not gate is only shown.
 */
public record CheckResult(
    String check,
    boolean gates,
    Verdict verdict,
    double effect,
    double low,
    double high,
    double threshold,
    double logEvidence,
    Arm stable,
    Arm candidate) {}
