package weir;

import java.io.Console;
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
import weir.http.HttpSettings;
import weir.routing.RoutingSettings;

/** {@code weir demo}: a gateway on {@code ops/demo.yaml}, under traffic, shown live. */
@Command(
    name = "demo",
    description = "Starts a gateway for the diamond models and replays held-out stones at it.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String MODEL = "diamond-price";

  @Option(names = "--duration", description = "ends by itself after this long, such as 60s")
  private Optional<String> duration = Optional.empty();

  @Option(names = "--rate", description = "requests a second (default: ${DEFAULT-VALUE})")
  private int rate = DemoPlan.Traffic.defaults().requestsPerSecond();

  @Option(names = "--seed", description = "which stones and users (default: ${DEFAULT-VALUE})")
  private long seed = DemoPlan.Traffic.defaults().seed();

  @Option(names = "--port", description = "port of the inference protocol, 0 for any free one")
  private Optional<Integer> port = Optional.empty();

  @Option(names = "--management-port", description = "port of metrics and health, 0 for any")
  private Optional<Integer> managementPort = Optional.empty();

  @Override
  public Integer call() throws StartRefusedException, IOException {
    Logs.toStandardError(Level.WARNING);
    Path home = Path.of(System.getProperty("weir.home", "."));
    StopSignal stop = StopSignal.install();
    WeirSettings settings = settings(home);
    try (ScratchFolder state = ScratchFolder.create("weir-demo");
        Gateway gateway = Gateway.start(settings.withState(state.path()))) {
      Demo demo = Demo.create(plan(home, settings, gateway), terminal());
      stop.then(demo::stop);
      return demo.run().succeeded() ? 0 : 1;
    }
  }

  private WeirSettings settings(Path home) throws StartRefusedException {
    WeirSettings settings = Settings.read(home.resolve("ops/demo.yaml"), System.getenv());
    HttpSettings http = settings.http();
    return settings.with(
        http.withPorts(port.orElse(http.port()), managementPort.orElse(http.managementPort())));
  }

  @SuppressWarnings("SystemConsoleNull") // its contract still says it may be
  private static Terminal terminal() {
    Console console = System.console();
    boolean attached = console != null && console.isTerminal();
    return Terminal.of(System.out, attached, System.getenv());
  }

  private DemoPlan plan(Path home, WeirSettings settings, Gateway gateway) {
    String protocol = "http://%s:%d".formatted(settings.http().host(), gateway.port());
    String management =
        "http://%s:%d".formatted(settings.http().managementHost(), gateway.managementPort());
    Map<String, String> addresses = new LinkedHashMap<>();
    addresses.put("inference", protocol + "/v2/models/" + MODEL);
    addresses.put("documents", protocol + "/docs");
    addresses.put("console", management + "/");
    addresses.put("metrics", management + "/metrics");
    DemoPlan.Traffic traffic = DemoPlan.Traffic.defaults();
    return new DemoPlan(
        new DemoPlan.Target(URI.create(protocol), URI.create(management), MODEL),
        home.resolve("models/data/replay.csv.gz"),
        wanted(settings),
        new DemoPlan.Traffic(
            rate, traffic.users(), traffic.repeats(), traffic.workers(), traffic.patience(), seed),
        duration.map(DemoCommand::parse),
        Optional.of(DemoPlan.Story.defaults()),
        addresses);
  }

  private static Map<String, Double> wanted(WeirSettings settings) {
    ModelSettings model = settings.models().getOrDefault(MODEL, ModelSettings.defaults());
    return model.routing().policy().stream()
        .filter(RoutingSettings.Policy.Split.class::isInstance)
        .map(policy -> ((RoutingSettings.Policy.Split) policy).weights())
        .findFirst()
        .orElse(Map.of());
  }

  static Duration parse(String text) {
    try {
      return Duration.parse(text.contains("P") ? text : "PT" + text);
    } catch (java.time.format.DateTimeParseException e) {
      throw new IllegalArgumentException(
          "--duration must be like 60s, 3m or 1h, not '%s'".formatted(text), e);
    }
  }
}
