package weir.observation;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import weir.inference.Variant;

/** The families that only variants which compute elsewhere have series of. */
final class RemoteFamilies {
  private final Counter retries;
  private final Counter lastResorts;
  private final Map<Variant, RemoteMeters> variants = new ConcurrentHashMap<>();

  RemoteFamilies(Families families) {
    retries = families.counter(Metric.BACKEND_RETRIES);
    lastResorts = families.counter(Metric.BACKEND_LAST_RESORTS);
    families.gauge(Metric.BACKEND_BREAKER_STATE, this::breakers);
    families.gauge(Metric.BACKEND_ENDPOINT_UP, this::endpointsUp);
    families.gauge(Metric.BACKEND_ENDPOINT_EJECTED, this::endpointsEjected);
    families.gauge(Metric.BACKEND_CONNECTIONS, this::connections);
  }

  RemoteMeters of(Variant variant, BackendMeters backend) {
    String model = variant.model();
    String version = variant.version();
    return variants.computeIfAbsent(
        variant,
        added ->
            new RemoteMeters(
                backend,
                retries.labelValues(model, version, "sent"),
                retries.labelValues(model, version, "denied"),
                lastResorts.labelValues(model, version)));
  }

  /** Removes what is read of {@code variant}; its counters go with their families. */
  void remove(Variant variant) {
    variants.remove(variant);
  }

  /** Told a variant's reading and its two labels. */
  @FunctionalInterface
  private interface Series {
    void tell(RemoteReading reading, String... labels);
  }

  private void each(Series series) {
    variants.forEach(
        (variant, meters) -> series.tell(meters.read(), variant.model(), variant.version()));
  }

  private void breakers(GaugeWithCallback.Callback gauge) {
    each((reading, labels) -> {
      for (RemoteReading.Breaker state : RemoteReading.Breaker.values()) {
        gauge.call(reading.breaker() == state ? 1 : 0, labels[0], labels[1], state.label());
      }
    });
  }

  private void endpointsUp(GaugeWithCallback.Callback gauge) {
    each((reading, labels) ->
        reading
            .endpoints()
            .forEach(endpoint ->
                gauge.call(endpoint.up() ? 1 : 0, labels[0], labels[1], endpoint.name())));
  }

  private void endpointsEjected(GaugeWithCallback.Callback gauge) {
    each((reading, labels) ->
        reading
            .endpoints()
            .forEach(endpoint ->
                gauge.call(endpoint.ejected() ? 1 : 0, labels[0], labels[1], endpoint.name())));
  }

  private void connections(GaugeWithCallback.Callback gauge) {
    each((reading, labels) -> {
      gauge.call(reading.connectionsActive(), labels[0], labels[1], "active");
      gauge.call(reading.connectionsIdle(), labels[0], labels[1], "idle");
    });
  }
}
