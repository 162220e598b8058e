package weir.grpc;

import java.time.Duration;

/**
 * Address and bounds of the gRPC door. Port 0 takes any free port.
 *
 * <p>{@code maxRequests} bounds the requests worked on at once, {@code maxStreams} the calls of one
 * connection; {@code drain} is how long a stop waits for running calls.
 */
public record GrpcSettings(
    boolean enabled,
    String host,
    int port,
    long maxMessageBytes,
    int maxRequests,
    int maxStreams,
    Duration idleTimeout,
    Duration drain) {
  public GrpcSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must lie between 0 and 65535, not " + port);
    }
    if (maxMessageBytes < 1024 || maxMessageBytes > 1L << 30) {
      throw new IllegalArgumentException(
          "max-message must lie between 1KiB and 1GiB, not " + maxMessageBytes);
    }
    if (maxRequests < 1) {
      throw new IllegalArgumentException("max-requests must be at least 1, not " + maxRequests);
    }
    if (maxStreams < 1) {
      throw new IllegalArgumentException("max-streams must be at least 1, not " + maxStreams);
    }
    if (idleTimeout.toMillis() < 1000) {
      throw new IllegalArgumentException("idle-timeout must be at least 1s, not " + idleTimeout);
    }
    if (drain.isNegative()) {
      throw new IllegalArgumentException("drain must not be negative, not " + drain);
    }
  }

  public GrpcSettings withPort(int other) {
    return new GrpcSettings(
        enabled, host, other, maxMessageBytes, maxRequests, maxStreams, idleTimeout, drain);
  }

  public static GrpcSettings defaults() {
    return new GrpcSettings(
        true,
        "127.0.0.1",
        8001,
        16L << 20,
        1_024,
        100,
        Duration.ofMinutes(5),
        Duration.ofSeconds(20));
  }
}
