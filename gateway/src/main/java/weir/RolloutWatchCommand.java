package weir;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weir rollout watch MODEL}: follows a rollout; its end is the exit code. */
@Command(
    name = "watch",
    description = "Tells each change of a rollout until it ends; Ctrl-C only stops the watching.",
    mixinStandardHelpOptions = true)
final class RolloutWatchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "the model's name")
  private String model = "";

  @Mixin private ManagementOptions management = new ManagementOptions();

  @Override
  public Integer call() throws CallFailedException, InterruptedException {
    Thread watcher = Thread.currentThread();
    AtomicBoolean stopped = new AtomicBoolean();
    StopSignal.install()
        .then(() -> {
          stopped.set(true);
          watcher.interrupt();
        });
    try (RemoteGateway gateway = management.open()) {
      return new RolloutWatch(gateway, model, management.out(), management.json()).run();
    } catch (InterruptedException e) {
      if (!stopped.get()) {
        throw e;
      }
      management.err().println("weir: no longer watching; the rollout goes on");
      return ClientCode.INTERRUPTED;
    }
  }
}
