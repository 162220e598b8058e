package weir;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import weir.config.JsonSchema;

/** {@code weir schema}: the JSON Schema of the configuration, for editors. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of the configuration.",
    mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() {
    command.commandLine().getOut().println(JsonSchema.of(WeirSettings.class));
    return 0;
  }
}
