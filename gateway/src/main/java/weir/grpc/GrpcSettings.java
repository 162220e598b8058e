package weir.grpc;

import java.time.Duration;

/**
 * Address and bounds of the gRPC door. Port 0 takes any free port.
 *
 * <p>{@code maxRequests} bounds the requests worked on at once, {@code maxStreams} the calls of one
 * connection; {@code drain} is how long a stop waits for running calls. Clients have {@code
 * firstByteTimeout} to begin, {@code bodyTimeout} for a message, with no pause in it longer than
 * {@code readTimeout}, and {@code writeTimeout} to take an answer.
 */
public record GrpcSettings(
    boolean enabled,
    String host,
    int port,
    long maxMessageBytes,
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxRequests,
    int maxStreams,
    Duration firstByteTimeout,
    Duration bodyTimeout,
    Duration readTimeout,
    Duration writeTimeout,
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
    checkPositive("max-connections", maxConnections);
    checkPositive("max-connections-per-address", maxConnectionsPerAddress);
    checkPositive("max-requests", maxRequests);
    checkPositive("max-streams", maxStreams);
    checkWait("first-byte-timeout", firstByteTimeout);
    checkWait("body-timeout", bodyTimeout);
    checkWait("read-timeout", readTimeout);
    checkWait("write-timeout", writeTimeout);
    if (idleTimeout.toMillis() < 1000) {
      throw new IllegalArgumentException("idle-timeout must be at least 1s, not " + idleTimeout);
    }
    if (drain.isNegative()) {
      throw new IllegalArgumentException("drain must not be negative, not " + drain);
    }
  }

  private static void checkPositive(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(key + " must be at least 1, not " + value);
    }
  }

  private static void checkWait(String key, Duration value) {
    if (value.toMillis() < 100) {
      throw new IllegalArgumentException(key + " must be at least 100ms, not " + value);
    }
  }

  public GrpcSettings withPort(int other) {
    return new GrpcSettings(
        enabled,
        host,
        other,
        maxMessageBytes,
        maxConnections,
        maxConnectionsPerAddress,
        maxRequests,
        maxStreams,
        firstByteTimeout,
        bodyTimeout,
        readTimeout,
        writeTimeout,
        idleTimeout,
        drain);
  }

  public static GrpcSettings defaults() {
    return new GrpcSettings(
        true,
        "127.0.0.1",
        8001,
        16L << 20,
        10_000,
        5_000,
        1_024,
        100,
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofSeconds(20));
  }
}
