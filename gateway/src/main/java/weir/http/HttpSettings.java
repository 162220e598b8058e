package weir.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import weir.access.TlsSettings;

/**
 * Addresses and bounds of the HTTP doors. Port 0 takes any free port.
 *
 * <p>{@code maxRequests} bounds the requests worked on at once; {@code drain} is how long a stop
 * waits for them, {@code lameDuck} how long the doors serve on after they stopped being ready;
 * {@code tls} is for both ports and gRPC, {@code cors} for the protocol's port. Clients have {@code
 * firstByteTimeout} to begin, {@code headerTimeout} from the first byte of a request to the end of
 * its headers, {@code bodyTimeout} for its body and {@code writeTimeout} to take what is written to
 * them; {@code readTimeout} is the longest pause inside a body.
 */
public record HttpSettings(
    String host,
    int port,
    String managementHost,
    int managementPort,
    long maxBodyBytes,
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxRequests,
    Duration firstByteTimeout,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration readTimeout,
    Duration writeTimeout,
    Duration idleTimeout,
    Duration lameDuck,
    Duration drain,
    Optional<TlsSettings> tls,
    CorsSettings cors) {
  public HttpSettings {
    checkPort("port", port);
    checkPort("management-port", managementPort);
    if (port != 0 && port == managementPort && host.equals(managementHost)) {
      throw new IllegalArgumentException("port and management-port must differ, both are " + port);
    }
    if (maxBodyBytes < 1024 || maxBodyBytes > 1L << 30) {
      throw new IllegalArgumentException(
          "max-body must lie between 1KiB and 1GiB, not " + maxBodyBytes);
    }
    checkPositive("max-connections", maxConnections);
    checkPositive("max-connections-per-address", maxConnectionsPerAddress);
    checkPositive("max-requests", maxRequests);
    checkWait("first-byte-timeout", firstByteTimeout);
    checkWait("header-timeout", headerTimeout);
    checkWait("body-timeout", bodyTimeout);
    checkWait("read-timeout", readTimeout);
    checkWait("write-timeout", writeTimeout);
    if (lameDuck.isNegative()) {
      throw new IllegalArgumentException("lame-duck must not be negative, not " + lameDuck);
    }
    if (idleTimeout.toMillis() < 1000) {
      throw new IllegalArgumentException("idle-timeout must be at least 1s, not " + idleTimeout);
    }
    if (drain.isNegative()) {
      throw new IllegalArgumentException("drain must not be negative, not " + drain);
    }
  }

  private static void checkPort(String key, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(key + " must lie between 0 and 65535, not " + port);
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

  public HttpSettings withPorts(int protocol, int management) {
    return with(protocol, management, tls);
  }

  /** The same with relative files made absolute from {@code folder}. */
  public HttpSettings resolvedFrom(Path folder) {
    return with(port, managementPort, tls.map(files -> files.resolvedFrom(folder)));
  }

  private HttpSettings with(int protocol, int management, Optional<TlsSettings> files) {
    return new HttpSettings(
        host,
        protocol,
        managementHost,
        management,
        maxBodyBytes,
        maxConnections,
        maxConnectionsPerAddress,
        maxRequests,
        firstByteTimeout,
        headerTimeout,
        bodyTimeout,
        readTimeout,
        writeTimeout,
        idleTimeout,
        lameDuck,
        drain,
        files,
        cors);
  }

  public static HttpSettings defaults() {
    return new HttpSettings(
        "127.0.0.1",
        8000,
        "127.0.0.1",
        8002,
        16L << 20,
        10_000,
        5_000,
        1_024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1),
        Duration.ofSeconds(20),
        Optional.empty(),
        CorsSettings.defaults());
  }
}
