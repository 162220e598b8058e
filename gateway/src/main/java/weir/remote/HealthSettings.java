package weir.remote;

import java.time.Duration;

/**
 * How endpoints are asked whether they are ready: each {@code interval}, with {@code timeout} for
 * the answer. {@code path} is what a plain service is asked by GET (empty: only a connection is
 * opened); the protocol's servers are asked for the model's readiness.
 */
public record HealthSettings(Duration interval, Duration timeout, String path) {
  public HealthSettings {
    if (interval.toMillis() < 100 || interval.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("interval must lie between 100ms and 1h, not " + interval);
    }
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("timeout must lie between 1ms and 1m, not " + timeout);
    }
    if (!path.isEmpty() && !path.startsWith("/")) {
      throw new IllegalArgumentException("path starts with '/', not '" + path + "'");
    }
  }

  public static HealthSettings defaults() {
    return new HealthSettings(Duration.ofSeconds(2), Duration.ofSeconds(1), "");
  }
}
