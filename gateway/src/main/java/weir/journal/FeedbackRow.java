package weir.journal;

import java.time.Instant;

/**
 * One outcome of one prediction; unique by {@code prediction} and {@code kind}.
 *
 * @param probability with which the prediction's variant was chosen, above 0 and at most 1
 * @param score what the model said, NaN when it said a class or nothing
 * @param scoreLabel the class that the model said, or ""
 * @param value what came out, NaN when it is a class
 * @param valueLabel the class that came out, or ""
 */
public record FeedbackRow(
    String prediction,
    String kind,
    String model,
    String version,
    long generation,
    double probability,
    Instant predictedAt,
    long unitHash,
    double score,
    String scoreLabel,
    double value,
    String valueLabel,
    Instant receivedAt) {
  public FeedbackRow {
    if (prediction.isBlank() || kind.isBlank() || model.isBlank()) {
      throw new IllegalArgumentException(
          "Feedback has a prediction, a kind and a model; one is blank");
    }
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "probability is " + probability + "; it is above 0 and at most 1");
    }
    predictedAt = Micros.kept(predictedAt);
    receivedAt = Micros.kept(receivedAt);
  }
}
