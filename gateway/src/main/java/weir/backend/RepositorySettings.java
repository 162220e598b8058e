package weir.backend;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where model files are and how they are run.
 *
 * <p>{@code permits} bounds one version's native calls at once (0: one per processor), twice as
 * many bound those of all; {@code maxQueued} is the most requests that wait for a version's permit.
 */
public record RepositorySettings(
    Path path, Duration poll, long maxModelBytes, int permits, int maxQueued, int warmUpRuns) {
  public RepositorySettings {
    if (poll.toMillis() < 100) {
      throw new IllegalArgumentException("poll must be at least 100ms, not " + poll);
    }
    if (maxModelBytes < 1 || maxModelBytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "max-model must lie between 1 and 2147483639 bytes, not " + maxModelBytes);
    }
    if (permits < 0 || permits > 1024) {
      throw new IllegalArgumentException("permits must lie between 0 and 1024, not " + permits);
    }
    if (maxQueued < 0 || maxQueued > 1_000_000) {
      throw new IllegalArgumentException(
          "max-queued must lie between 0 and 1000000, not " + maxQueued);
    }
    if (warmUpRuns < 0 || warmUpRuns > 10_000) {
      throw new IllegalArgumentException(
          "warm-up-runs must lie between 0 and 10000, not " + warmUpRuns);
    }
  }

  public static RepositorySettings defaults() {
    return new RepositorySettings(
        Path.of("models/repository"), Duration.ofSeconds(2), 1L << 30, 0, 256, 50);
  }

  /**
   * Threads that carry virtual threads while native calls are long: those that these may hold, and
   * two for everything else.
   */
  int carriers() {
    return LimitingBackend.VARIANTS_AT_ONCE * permitsOrProcessors() + 2;
  }

  int permitsOrProcessors() {
    return permits > 0 ? permits : Runtime.getRuntime().availableProcessors();
  }
}
