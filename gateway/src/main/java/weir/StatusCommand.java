package weir;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weir status [MODEL]}: where the models of a running gateway stand. */
@Command(
    name = "status",
    description = "Shows how the traffic of each model is divided, and its rollout.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", arity = "0..1", description = "one model, told at length")
  private Optional<String> model = Optional.empty();

  @Mixin private ManagementOptions management = new ManagementOptions();

  @Override
  public Integer call() throws CallFailedException, InterruptedException {
    return model.isEmpty()
        ? management.show("/admin/models", ModelText::models)
        : management.show("/admin/models/" + RemoteGateway.part(model.get()), ModelText::model);
  }
}
