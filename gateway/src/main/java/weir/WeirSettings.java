package weir;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
  }

  public static WeirSettings defaults() {
    return new WeirSettings(
        HttpSettings.defaults(),
        GrpcSettings.defaults(),
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

  WeirSettings with(HttpSettings doors) {
    return new WeirSettings(
        doors,
        grpc,
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
        http,
        grpc,
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
