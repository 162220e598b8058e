package weir;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import weir.backend.Catalog;
import weir.backend.ModelRefusedException;
import weir.backend.ModelRepository;
import weir.backend.Quarantine;
import weir.backend.RepositorySettings;
import weir.drift.BaselineBuilder;
import weir.drift.BaselineJson;
import weir.inference.ModelSignature;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.observation.TracingSettings;

/** {@code weir baseline}: the reference distribution of a model's inputs, from a CSV file. */
@Command(
    name = "baseline",
    description = "Makes a drift baseline from a CSV file whose columns are the model's inputs.",
    mixinStandardHelpOptions = true)
final class BaselineCommand implements Callable<Integer> {
  private static final int BAR_CELLS = 30;

  @Option(names = "--model", required = true, description = "the model's name")
  private String model = "";

  @Option(names = "--repository", description = "the model repository (default: ${DEFAULT-VALUE})")
  private Path repository = Path.of("models/repository");

  @Option(names = "--data", required = true, description = "a CSV file with a header line")
  private Path data = Path.of("");

  @Option(names = "--out", required = true, description = "where the baseline is written")
  private Path out = Path.of("");

  @Option(
      names = "--prediction",
      description = "an output whose column holds the model's own answers; may be repeated")
  private List<String> predictions = List.of();

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws StartRefusedException, IOException {
    Logs.toStandardError(Level.WARNING);
    boolean attended = Files.size(data) > 1 << 20;
    PrintWriter err = command.commandLine().getErr();
    BaselineBuilder builder =
        new BaselineBuilder(
            model,
            signature(),
            Set.copyOf(predictions),
            (done, total) -> {
              if (attended) {
                err.print("\r" + bar(done, total));
                err.flush();
              }
            });
    BaselineBuilder.Result result = builder.build(data, InstantSource.system().instant());
    if (attended) {
      err.println();
    }
    return switch (result) {
      case BaselineBuilder.Refused refused -> throw new StartRefusedException(refused.problems());
      case BaselineBuilder.Built built -> {
        Files.writeString(out, BaselineJson.write(built.baseline()));
        built.firstBadRows().forEach(row -> err.println("left out: " + row));
        PrintWriter said = command.commandLine().getOut();
        said.printf("%s: %,d rows, %,d left out%n", out, built.rows(), built.badRows());
        said.flush();
        yield 0;
      }
    };
  }

  static String bar(long done, long total) {
    int cells = total <= 0 ? BAR_CELLS : (int) (BAR_CELLS * Math.min(done, total) / total);
    return "[%s%s] %3d %%"
        .formatted("#".repeat(cells), ".".repeat(BAR_CELLS - cells), 100 * cells / BAR_CELLS);
  }

  private ModelSignature signature() throws StartRefusedException {
    GatewayMetrics metrics = GatewayMetrics.create(Version.CURRENT, InstantSource.system());
    RepositorySettings defaults = RepositorySettings.defaults();
    RepositorySettings settings =
        new RepositorySettings(repository, defaults.poll(), defaults.maxModelBytes(), 1, 0, 0);
    try (Tracing tracing = Tracing.create(TracingSettings.defaults(), Version.CURRENT, metrics)) {
      Catalog catalog =
          ModelRepository.create(settings, Quarantine.off(), metrics, tracing)
              .refresh(Catalog.EMPTY, Map.of());
      Optional<ModelSignature> signature =
          catalog.versions(model).stream()
              .reduce((_, last) -> last)
              .flatMap(version -> catalog.find(model, version))
              .map(served -> served.signature());
      return signature.orElseThrow(() ->
          new StartRefusedException(
              List.of(
                  "%s serves no model '%s'; it has %s"
                      .formatted(repository, model, String.join(", ", catalog.models())))));
    } catch (ModelRefusedException e) {
      throw new StartRefusedException(List.of(String.valueOf(e.getMessage())));
    }
  }
}
