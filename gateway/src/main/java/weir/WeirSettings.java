package weir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import weir.access.AccessSettings;
import weir.access.Destinations;
import weir.backend.RepositorySettings;
import weir.grpc.GrpcSettings;
import weir.http.HttpSettings;
import weir.journal.JournalSettings;
import weir.notice.NoticeSettings;
import weir.observation.TracingSettings;
import weir.oip.DecodeLimits;
import weir.serving.ShadowSettings;

/**
 * The root of {@code weir.yaml}.
 *
 * <p>{@code state} is the folder for what must survive a restart. Relative paths start at the
 * configuration file's folder. {@code predictionKeys} names the file of the keys that sign
 * prediction ids; without it they are made once, and kept beside a journal in a file or in one on a
 * server.
 */
public record WeirSettings(
    HttpSettings http,
    GrpcSettings grpc,
    AccessSettings access,
    RepositorySettings repository,
    DecodeLimits limits,
    TracingSettings tracing,
    NoticeSettings notices,
    ShadowSettings shadow,
    JournalSettings journal,
    Optional<Path> predictionKeys,
    Path state,
    Map<String, ModelSettings> models) {
  public WeirSettings {
    models = Map.copyOf(models);
    List<String> problems = problems(http, grpc, access, notices, models);
    tracing
        .endpoint()
        .flatMap(collector -> Destinations.refusal("tracing.endpoint", collector.getHost()))
        .ifPresent(problems::add);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /**
   * Doors that are open to strangers without anybody having said so, and hosts not to be called.
   */
  private static List<String> problems(
      HttpSettings http,
      GrpcSettings grpc,
      AccessSettings access,
      NoticeSettings notices,
      Map<String, ModelSettings> models) {
    List<String> problems = new ArrayList<>();
    access.exposed("http.host", http.host()).ifPresent(problems::add);
    access.exposed("http.management-host", http.managementHost()).ifPresent(problems::add);
    if (grpc.enabled()) {
      access.exposed("grpc.host", grpc.host()).ifPresent(problems::add);
    }
    models.forEach((name, model) ->
        model
            .variants()
            .forEach((version, remote) ->
                remote.endpoints().stream()
                    .flatMap(endpoint -> access.refusal(endpoint.getHost()).stream())
                    .map(why -> "models.%s.variants.%s: %s".formatted(name, version, why))
                    .forEach(problems::add)));
    notices
        .webhooks()
        .forEach((name, webhook) ->
            access
                .refusal(webhook.url().getHost())
                .ifPresent(why -> problems.add("notices.webhooks.%s: %s".formatted(name, why))));
    return problems;
  }

  public static WeirSettings defaults() {
    return new WeirSettings(
        HttpSettings.defaults(),
        GrpcSettings.defaults(),
        AccessSettings.defaults(),
        RepositorySettings.defaults(),
        DecodeLimits.defaults(),
        TracingSettings.defaults(),
        NoticeSettings.defaults(),
        ShadowSettings.defaults(),
        JournalSettings.defaults(),
        Optional.empty(),
        Path.of("weir-state"),
        Map.of());
  }

  /** Whether every door is for this machine alone. */
  boolean local() {
    AccessSettings nobody = AccessSettings.defaults();
    return nobody.exposed("", http.host()).isEmpty()
        && nobody.exposed("", http.managementHost()).isEmpty()
        && (!grpc.enabled() || nobody.exposed("", grpc.host()).isEmpty());
  }

  WeirSettings with(HttpSettings doors) {
    return new WeirSettings(
        doors,
        grpc,
        access,
        repository,
        limits,
        tracing,
        notices,
        shadow,
        journal,
        predictionKeys,
        state,
        models);
  }

  WeirSettings withState(Path folder) {
    return new WeirSettings(
        http,
        grpc,
        access,
        repository,
        limits,
        tracing,
        notices,
        shadow,
        journal,
        predictionKeys,
        folder,
        models);
  }

  /** The same settings with relative paths made absolute from {@code folder}. */
  WeirSettings resolvedFrom(Path folder) {
    RepositorySettings at = repository;
    return new WeirSettings(
        http.resolvedFrom(folder),
        grpc,
        access.resolvedFrom(folder),
        new RepositorySettings(
            folder.resolve(at.path()).normalize(),
            at.poll(),
            at.maxModelBytes(),
            at.permits(),
            at.maxQueued(),
            at.warmUpRuns()),
        limits,
        tracing,
        notices.resolvedFrom(folder),
        shadow,
        journal.resolvedFrom(folder),
        predictionKeys.map(file -> folder.resolve(file).normalize()),
        folder.resolve(state).normalize(),
        models.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, model -> model.getValue().resolvedFrom(folder))));
  }
}
