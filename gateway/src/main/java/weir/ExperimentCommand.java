package weir;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weir experiment MODEL}: what each check says of the candidate, and each version. */
@Command(
    name = "experiment",
    description = "Shows what each check says of a rollout's candidate, with its numbers.",
    mixinStandardHelpOptions = true)
final class ExperimentCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "the model's name")
  private String model = "";

  @Mixin private ManagementOptions management = new ManagementOptions();

  @Override
  public Integer call() throws CallFailedException, InterruptedException {
    return management.show(
        "/admin/models/" + RemoteGateway.part(model) + "/experiment", ModelText::experiment);
  }
}
