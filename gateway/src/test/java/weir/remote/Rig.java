package weir.remote;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import weir.inference.InferenceResult;
import weir.inference.ModelSignature;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.observation.TracingSettings;

/** A remote variant on scripted endpoints and hand-set time, whose probes run when told to. */
final class Rig implements AutoCloseable {
  final HandTime time = new HandTime();
  final GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.system());
  final List<ScriptedEndpoint> endpoints;
  final RemoteVariant remote;
  private final RemoteSettings settings;

  Rig(List<ScriptedEndpoint> endpoints) {
    this(endpoints, Optional.empty(), ResilienceSettings.defaults());
  }

  Rig(
      List<ScriptedEndpoint> endpoints,
      Optional<Boolean> idempotent,
      ResilienceSettings resilience) {
    this.endpoints = endpoints;
    RemoteSettings plain = RemoteSettings.defaults();
    settings =
        new RemoteSettings(
            plain.protocol(),
            endpoints.stream().map(each -> URI.create("http://" + each.name())).toList(),
            plain.model(),
            plain.version(),
            plain.binary(),
            plain.headers(),
            idempotent,
            plain.json(),
            plain.inputs(),
            plain.outputs(),
            plain.connections(),
            new HealthSettings(Duration.ofHours(1), Duration.ofSeconds(1), ""),
            resilience);
    remote = open(Optional.empty());
  }

  RemoteVariant open(Optional<ModelSignature> known) {
    RandomGenerator random = new Random(11);
    return RemoteVariant.open(
        ScriptedEndpoint.VARIANT,
        settings,
        known,
        metrics.remote(ScriptedEndpoint.VARIANT),
        Tracing.create(TracingSettings.defaults(), "test", metrics),
        new Surroundings(
            (_, address, _, _) ->
                endpoints.stream()
                    .filter(each -> address.toString().endsWith(each.name()))
                    .findFirst()
                    .orElseThrow(),
            time,
            () -> random));
  }

  InferenceResult infer() {
    return remote.infer(ScriptedEndpoint.request(time.in(Duration.ofSeconds(1))));
  }

  void probe() {
    remote.probe(settings.health());
  }

  /** The lines of the scrape that begin with {@code metric}. */
  List<String> scraped(String metric) {
    return metrics.scrape("").body().lines().filter(line -> line.startsWith(metric)).toList();
  }

  @Override
  public void close() {
    remote.close();
    metrics.close();
  }
}
