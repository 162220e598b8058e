package weir.remote;

import java.time.Duration;

/**
 * The connections to one endpoint.
 *
 * <p>{@code max} bounds those open at once and {@code maxQueued} the requests that wait for one; an
 * idle one is closed after {@code idle}, which should be shorter than the server's own patience;
 * {@code maxAnswerBytes} bounds the body of an answer.
 */
public record ConnectionSettings(
    int max, int maxQueued, Duration idle, Duration connectTimeout, long maxAnswerBytes) {
  public ConnectionSettings {
    if (max < 1 || max > 65_536) {
      throw new IllegalArgumentException("max must lie between 1 and 65536, not " + max);
    }
    if (maxQueued < 0 || maxQueued > 1_000_000) {
      throw new IllegalArgumentException(
          "max-queued must lie between 0 and 1000000, not " + maxQueued);
    }
    if (idle.toMillis() < 1 || idle.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("idle must lie between 1ms and 1h, not " + idle);
    }
    if (connectTimeout.toMillis() < 1 || connectTimeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "connect-timeout must lie between 1ms and 1m, not " + connectTimeout);
    }
    if (maxAnswerBytes < 1024 || maxAnswerBytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "max-answer must lie between 1KiB and 2147483639 bytes, not " + maxAnswerBytes);
    }
  }

  public static ConnectionSettings defaults() {
    return new ConnectionSettings(
        256, 256, Duration.ofSeconds(4), Duration.ofSeconds(1), 16L << 20);
  }
}
