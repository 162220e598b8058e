package weir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import weir.demo.Demo;
import weir.demo.DemoPlan;
import weir.demo.Terminal;

/** {@code weir load}: the demo's requests and feedback, sent to a gateway that runs elsewhere. */
@Command(
    name = "load",
    description = "Replays held-out stones and their real prices at a running gateway.",
    mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
  @Option(
      names = "--url",
      description = "the gateway's inference address (default: ${DEFAULT-VALUE})")
  private URI url = URI.create("http://127.0.0.1:8000");

  @Option(
      names = "--management",
      description = "the gateway's management address (default: ${DEFAULT-VALUE})")
  private URI management = URI.create("http://127.0.0.1:8002");

  @Option(names = "--model", description = "the model asked (default: ${DEFAULT-VALUE})")
  private String model = "diamond-price";

  @Option(names = "--rate", description = "requests a second (default: ${DEFAULT-VALUE})")
  private int rate = 50;

  @Option(names = "--seed", description = "which stones and users (default: ${DEFAULT-VALUE})")
  private long seed = DemoPlan.Traffic.defaults().seed();

  @Option(names = "--duration", description = "ends by itself after this long, such as 60s")
  private Optional<String> duration = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Logs.toStandardError(Level.WARNING);
    Path home = Path.of(System.getProperty("weir.home", "."));
    Demo load = Demo.create(plan(home), Terminal.of(System.out, false, System.getenv()));
    StopSignal.install().then(load::stop);
    return load.run().succeeded() ? 0 : 1;
  }

  private DemoPlan plan(Path home) {
    DemoPlan.Traffic usual = DemoPlan.Traffic.defaults();
    Map<String, String> addresses = new LinkedHashMap<>();
    addresses.put("inference", url.resolve("/v2/models/" + model).toString());
    return new DemoPlan(
        new DemoPlan.Target(url, management, model),
        home.resolve("models/data/replay.csv.gz"),
        Map.of(),
        new DemoPlan.Traffic(
            rate,
            usual.users(),
            usual.repeats(),
            usual.workers(),
            Duration.ofMinutes(1), // a gateway that restarts must not end the load
            seed),
        duration.map(DemoCommand::parse),
        Optional.empty(),
        addresses);
  }
}
