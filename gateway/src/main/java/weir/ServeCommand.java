package weir;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import weir.backend.ModelRepository;
import weir.grpc.GrpcDoor;
import weir.http.HttpDoors;

/** {@code weir serve --config FILE}: runs the gateway until it is told to stop. */
@Command(
    name = "serve",
    description = "Runs the gateway for the models of a configuration.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, description = "the configuration, YAML")
  private Path config = Path.of("weir.yaml");

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws StartRefusedException, InterruptedException {
    Logs.toStandardError(Level.INFO);
    WeirSettings settings = settings();
    Thread.ofPlatform().daemon().name("prepare-doors").start(() -> doors(settings));
    StopSignal stop = StopSignal.install();
    try (Gateway gateway = Gateway.start(settings);
        ConfigWatch _ = ConfigWatch.start(config, gateway)) {
      PrintWriter out = command.commandLine().getOut();
      String scheme = settings.http().tls().isPresent() ? "https" : "http";
      String host = settings.http().host();
      out.printf("inference   %s://%s:%d/v2%n", scheme, host, gateway.port());
      if (gateway.grpcPort() > 0) {
        out.printf("gRPC        %s:%d%n", settings.grpc().host(), gateway.grpcPort());
      }
      out.printf("documents   %s://%s:%d/docs%n", scheme, host, gateway.port());
      out.printf(
          "metrics     %s://%s:%d/metrics%n",
          scheme, settings.http().managementHost(), gateway.managementPort());
      out.flush();
      stop.await();
    }
    return 0;
  }

  /** Reads them while the native code that computes models is loaded. */
  private WeirSettings settings() throws StartRefusedException, InterruptedException {
    Thread models =
        Thread.ofPlatform().daemon().name("prepare-models").start(ModelRepository::prepare);
    try {
      return Settings.read(config, System.getenv());
    } finally {
      models.join(); // a process that ends while native code is being loaded may crash
    }
  }

  private static void doors(WeirSettings settings) {
    HttpDoors.prepare();
    if (settings.grpc().enabled()) {
      GrpcDoor.prepare();
    }
  }
}
