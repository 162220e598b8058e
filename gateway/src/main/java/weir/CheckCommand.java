package weir;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.config.ConfigWriter;

/** {@code weir check FILE}: says everything that is wrong, or prints what would be in force. */
@Command(
    name = "check",
    description = "Checks a configuration and prints it with every default filled in.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "the configuration, YAML")
  private Path file = Path.of("weir.yaml");

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws StartRefusedException {
    WeirSettings settings = Settings.read(file, System.getenv());
    command.commandLine().getOut().print(ConfigWriter.write(settings));
    command.commandLine().getOut().flush();
    return 0;
  }
}
