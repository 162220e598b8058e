package weir.remote;

import java.time.Duration;

/**
 * How a sick variant is kept from harm to others and to itself.
 *
 * <p>{@code retryBudget}: retries as a share of the requests, 0 for none. {@code breakerFailures}:
 * the share of failed requests, of the last 20 or more, that opens the breaker (1: only when all
 * fail; 0: no breaker) for {@code breakerOpen}. {@code ejectAfter}: attempts that fail in a row
 * before one of several endpoints is left out for {@code ejectFor}; never more than half of them.
 * {@code concurrency}: most requests at once; how many it really takes is learned from how long its
 * answers take, and from those that do not come in time or that it says to be too busy for.
 */
public record ResilienceSettings(
    double retryBudget,
    double breakerFailures,
    Duration breakerOpen,
    int ejectAfter,
    Duration ejectFor,
    int concurrency) {
  public ResilienceSettings {
    if (!(retryBudget >= 0 && retryBudget <= 1)) {
      throw new IllegalArgumentException(
          "retry-budget must lie between 0 and 1, not " + retryBudget);
    }
    if (!(breakerFailures >= 0 && breakerFailures <= 1)) {
      throw new IllegalArgumentException(
          "breaker-failures must lie between 0 and 1, not " + breakerFailures);
    }
    if (breakerOpen.toMillis() < 1 || breakerOpen.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "breaker-open must lie between 1ms and 1h, not " + breakerOpen);
    }
    if (ejectAfter < 1 || ejectAfter > 1_000) {
      throw new IllegalArgumentException(
          "eject-after must lie between 1 and 1000, not " + ejectAfter);
    }
    if (ejectFor.toMillis() < 1 || ejectFor.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("eject-for must lie between 1ms and 1h, not " + ejectFor);
    }
    if (concurrency < 1 || concurrency > 65_536) {
      throw new IllegalArgumentException(
          "concurrency must lie between 1 and 65536, not " + concurrency);
    }
  }

  public static ResilienceSettings defaults() {
    return new ResilienceSettings(0.2, 0.9, Duration.ofSeconds(1), 5, Duration.ofSeconds(10), 256);
  }
}
