package weir.remote;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.access.Destinations;

/**
 * Where a variant computes when it is not in this process.
 *
 * <p>{@code endpoints}: {@code http://host:port}, each with the same model behind it; a path of
 * theirs precedes the protocol's, and is the whole path of a plain service. {@code model} and
 * {@code version}: its names there; absent, the model's own name and the server's choice. {@code
 * binary}: tensors as raw bytes behind the JSON. {@code headers}: sent with each request. {@code
 * idempotent}: whether a request may be sent again that the server may have begun; absent, true but
 * for plain services. {@code inputs} and {@code outputs}: what it takes and gives, for servers that
 * cannot say.
 */
public record RemoteSettings(
    Protocol protocol,
    List<URI> endpoints,
    Optional<String> model,
    Optional<String> version,
    boolean binary,
    Map<String, String> headers,
    Optional<Boolean> idempotent,
    JsonMapping json,
    List<TensorSettings> inputs,
    List<TensorSettings> outputs,
    ConnectionSettings connections,
    HealthSettings health,
    ResilienceSettings resilience) {
  /** What servers speak. */
  public enum Protocol {
    /** The Open Inference Protocol over HTTP/1.1. */
    OIP,
    /** The Open Inference Protocol over gRPC. */
    GRPC,
    /** JSON of its own, by a mapping. */
    JSON
  }

  public RemoteSettings {
    endpoints = List.copyOf(endpoints);
    headers = Map.copyOf(headers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    for (URI endpoint : endpoints) {
      boolean known = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
      if (!known
          || endpoint.getHost() == null
          || endpoint.getRawUserInfo() != null
          || endpoint.getRawQuery() != null
          || endpoint.getRawFragment() != null) {
        throw new IllegalArgumentException(
            "an endpoint is http://HOST:PORT or https://HOST:PORT, not " + endpoint);
      }
      Destinations.require("an endpoint", endpoint.getHost());
    }
    if (protocol == Protocol.JSON) {
      PlainService.check(inputs, outputs, json);
    }
  }

  public static RemoteSettings defaults() {
    return new RemoteSettings(
        Protocol.OIP,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        Map.of(),
        Optional.empty(),
        JsonMapping.defaults(),
        List.of(),
        List.of(),
        ConnectionSettings.defaults(),
        HealthSettings.defaults(),
        ResilienceSettings.defaults());
  }

  boolean repeatable() {
    return idempotent.orElse(protocol != Protocol.JSON);
  }
}
