package weir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.backend.DigestManifest;
import weir.backend.ModelRefusedException;

/** {@code weir digest FOLDER}: writes the manifest that lets a model be served. */
@Command(
    name = "digest",
    description =
        "Writes SHA256SUMS for a model folder, after you have decided to trust its files.",
    mixinStandardHelpOptions = true)
final class DigestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "a model's folder: <version>/model.onnx within")
  private Path folder = Path.of(".");

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws StartRefusedException {
    try {
      DigestManifest.write(folder).forEach(command.commandLine().getOut()::println);
      return 0;
    } catch (ModelRefusedException e) {
      throw new StartRefusedException(List.of(String.valueOf(e.getMessage())));
    }
  }
}
