package weir.serving;

import java.time.Duration;
import java.util.Optional;

/**
 * How one model is served.
 *
 * <p>{@code deadline} bounds a request from its first byte to its answer. {@code score} names the
 * output that the prediction id carries; without it, the model's first output. {@code
 * fallbackAfter}: the stable version is asked when the one assigned has failed, or has not answered
 * for so long; absent, a failure is told.
 */
public record ServingSettings(
    Duration deadline, Optional<String> score, Optional<Duration> fallbackAfter) {
  public ServingSettings {
    if (deadline.toMillis() < 1 || deadline.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("deadline must lie between 1ms and 1h, not " + deadline);
    }
    if (fallbackAfter.isPresent()
        && (fallbackAfter.get().toMillis() < 1 || fallbackAfter.get().compareTo(deadline) >= 0)) {
      throw new IllegalArgumentException(
          "fallback-after must lie between 1ms and the deadline of %s, not %s"
              .formatted(deadline, fallbackAfter.get()));
    }
  }

  public static ServingSettings defaults() {
    return new ServingSettings(Duration.ofSeconds(10), Optional.empty(), Optional.empty());
  }
}
