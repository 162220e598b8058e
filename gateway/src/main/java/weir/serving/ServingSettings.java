package weir.serving;

import java.time.Duration;
import java.util.Optional;

/**
 * How one model is served.
 *
 * <p>{@code deadline} bounds a request from its first byte to its answer. {@code score} names the
 * output that the prediction id carries; without it, the model's first output.
 */
public record ServingSettings(Duration deadline, Optional<String> score) {
  public ServingSettings {
    if (deadline.toMillis() < 1 || deadline.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("deadline must lie between 1ms and 1h, not " + deadline);
    }
  }

  public static ServingSettings defaults() {
    return new ServingSettings(Duration.ofSeconds(10), Optional.empty());
  }
}
