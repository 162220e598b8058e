package weir;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir audit [MODEL]}: who did what and why, newest first. */
@Command(
    name = "audit",
    description = "Shows what was done to the models, by whom and why, newest first.",
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", arity = "0..1", description = "of one model only")
  private Optional<String> model = Optional.empty();

  @Option(names = "--max", description = "entries at most, 1 to 1000 (default: ${DEFAULT-VALUE})")
  private int max = 50;

  @Mixin private ManagementOptions management = new ManagementOptions();

  @Override
  public Integer call() throws CallFailedException, InterruptedException {
    String of = model.map(name -> "&model=" + RemoteGateway.part(name)).orElse("");
    return management.show("/admin/audit?max=" + max + of, ModelText::audit);
  }
}
