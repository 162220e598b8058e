package weir.routing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import weir.inference.Variant;

/**
 * What a prediction's id says of it, so that feedback needs no log of predictions.
 *
 * <p>{@code time} is held in milliseconds and is not before 1970; {@code unitHash} is the
 * assignment's.
 */
public record PredictionId(
    Variant variant,
    long generation,
    double probability,
    Instant time,
    long unitHash,
    Score score) {
  public PredictionId {
    Names.checked("a prediction's model", variant.model());
    Names.checked("a prediction's version", variant.version());
    if (generation < 0) {
      throw new IllegalArgumentException("a generation is at least 0, not " + generation);
    }
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "the probability of a prediction is in (0, 1], not " + probability);
    }
    if (time.getEpochSecond() < 0) {
      throw new IllegalArgumentException("a prediction's time is not before 1970: " + time);
    }
    time = time.truncatedTo(ChronoUnit.MILLIS);
  }
}
