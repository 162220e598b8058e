package weir.observation;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where spans go and how many there are.
 *
 * <p>{@code endpoint} is an OTLP collector over HTTP; without a path {@code /v1/traces} is added,
 * and without an endpoint there are no spans. {@code samplingRatio} is of requests that come
 * without a trace context; the others follow their caller's decision. {@code maxQueue} bounds the
 * spans that wait for the collector.
 */
public record TracingSettings(
    Optional<URI> endpoint,
    double samplingRatio,
    String serviceName,
    Duration exportTimeout,
    int maxQueue) {
  private static final String TRACES_PATH = "/v1/traces";
  private static final Duration EXPORT_TIMEOUT_MAX = Duration.ofMinutes(1);
  private static final int SERVICE_NAME_MAX = 255;
  private static final int MAX_QUEUE_MAX = 1 << 20;

  public TracingSettings {
    endpoint = endpoint.map(TracingSettings::checked);
    if (!(samplingRatio >= 0 && samplingRatio <= 1)) {
      throw new IllegalArgumentException(
          "the sampling ratio is between 0 and 1, not " + samplingRatio);
    }
    if (serviceName.isBlank() || serviceName.length() > SERVICE_NAME_MAX) {
      throw new IllegalArgumentException(
          "the service name has 1 to %d characters, not '%s'"
              .formatted(SERVICE_NAME_MAX, serviceName));
    }
    if (!exportTimeout.isPositive() || exportTimeout.compareTo(EXPORT_TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "the export timeout is above 0 and at most %s, not %s"
              .formatted(EXPORT_TIMEOUT_MAX, exportTimeout));
    }
    if (maxQueue < 1 || maxQueue > MAX_QUEUE_MAX) {
      throw new IllegalArgumentException(
          "the queue of spans holds 1 to %d, not %d".formatted(MAX_QUEUE_MAX, maxQueue));
    }
  }

  public static TracingSettings defaults() {
    return new TracingSettings(Optional.empty(), 0.01, "weir", Duration.ofSeconds(10), 2048);
  }

  private static URI checked(URI endpoint) {
    String scheme = endpoint.getScheme();
    boolean http = "http".equals(scheme) || "https".equals(scheme);
    if (!http || endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          "the endpoint is an http or https URL with a host, not '%s'".formatted(endpoint));
    }
    String path = endpoint.getPath();
    return path.isEmpty() || path.equals("/") ? endpoint.resolve(TRACES_PATH) : endpoint;
  }
}
