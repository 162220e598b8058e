package weir.experiment;

/**
 * What became of one prediction, told once it is older than the label window.
 *
 * <p>{@code kind} is {@code reward}, {@code label} or {@code actual}. NaN and "" stand for absent
 * numbers and labels; {@code score} and {@code scoreLabel} are what the variant answered.
 */
public record FeedbackOutcome(
    String kind,
    String version,
    long generation,
    double probability,
    long unitHash,
    double score,
    String scoreLabel,
    double value,
    String valueLabel) {}
