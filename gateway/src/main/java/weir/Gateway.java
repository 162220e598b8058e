package weir;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import weir.backend.LiveCatalog;
import weir.backend.ModelRepository;
import weir.http.HttpDoors;
import weir.http.PortTakenException;
import weir.observation.BufferedObserver;
import weir.observation.GatewayMetrics;
import weir.observation.RequestLog;
import weir.observation.Tracing;
import weir.routing.KeyFile;
import weir.routing.LivePlan;
import weir.routing.PredictionSigner;
import weir.routing.RoutePlan;
import weir.routing.Router;
import weir.serving.InferencePipeline;
import weir.serving.ModelDirectory;

/** A running gateway: everything between its settings and its open ports. */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Gateway.class.getName());

  private static final int CALLER_ERRORS_LOGGED_PER_MINUTE = 60;
  private static final int LOG_QUEUE_MAX = 4_096;
  private static final Duration LOG_CLOSE_WITHIN = Duration.ofSeconds(1);

  private final LiveGateway live;
  private final HttpDoors doors;
  private final Tracing tracing;
  private final GatewayMetrics metrics;
  private final BufferedObserver log;
  private final Thread watcher;

  private Gateway(
      LiveGateway live,
      HttpDoors doors,
      Tracing tracing,
      GatewayMetrics metrics,
      BufferedObserver log,
      Thread watcher) {
    this.live = live;
    this.doors = doors;
    this.tracing = tracing;
    this.metrics = metrics;
    this.log = log;
    this.watcher = watcher;
  }

  /** Loads, checks, warms up and opens the ports; throws with every problem when it cannot. */
  static Gateway start(WeirSettings settings) throws StartRefusedException {
    GatewayMetrics metrics = GatewayMetrics.create(Version.CURRENT, InstantSource.system());
    Tracing tracing = Tracing.create(settings.tracing(), Version.CURRENT, metrics);
    BufferedObserver log =
        BufferedObserver.create(
            "request-log",
            RequestLog.create(CALLER_ERRORS_LOGGED_PER_MINUTE, System::nanoTime),
            LOG_QUEUE_MAX,
            LOG_CLOSE_WITHIN,
            metrics);
    LivePlan plan = new LivePlan(new RoutePlan(0, Map.of()));
    LiveCatalog catalog = new LiveCatalog();
    PredictionSigner signer =
        PredictionSigner.create(
            new KeyFile(settings.state().resolve("prediction-keys"), new SecureRandom())
                .readOrCreate());
    InferencePipeline pipeline =
        new InferencePipeline(
            plan,
            catalog,
            new Router(ThreadLocalRandom::current),
            signer,
            metrics,
            observation -> {
              metrics.observe(observation);
              log.observe(observation);
            },
            Clock.systemUTC());
    ModelRepository repository = ModelRepository.create(settings.repository(), metrics, tracing);
    LiveGateway live = new LiveGateway(repository, catalog, plan, pipeline, metrics);
    List<String> problems = live.apply(settings.models());
    if (!problems.isEmpty()) {
      throw new StartRefusedException(problems);
    }
    HttpDoors doors = open(settings, pipeline, new ModelDirectory(plan, catalog), metrics, tracing);
    Thread watcher = Thread.ofVirtual().name("model-watch").start(() -> watch(live, settings));
    return new Gateway(live, doors, tracing, metrics, log, watcher);
  }

  private static HttpDoors open(
      WeirSettings settings,
      InferencePipeline pipeline,
      ModelDirectory directory,
      GatewayMetrics metrics,
      Tracing tracing)
      throws StartRefusedException {
    try {
      return HttpDoors.create(
          settings.http(),
          settings.limits(),
          pipeline,
          directory,
          metrics,
          tracing,
          Version.CURRENT);
    } catch (PortTakenException e) {
      throw new StartRefusedException(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static void watch(LiveGateway live, WeirSettings settings) {
    List<String> said = List.of();
    try {
      while (true) {
        Thread.sleep(settings.repository().poll());
        List<String> problems = live.refresh();
        if (!problems.equals(said)) {
          problems.forEach(problem -> LOG.log(Level.WARNING, "not applied: {0}", problem));
          said = problems;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Applies the models' part of changed settings; other keys need a restart. */
  List<String> apply(WeirSettings settings) {
    return live.apply(settings.models());
  }

  public int port() {
    return doors.port();
  }

  public int managementPort() {
    return doors.managementPort();
  }

  /** Stops in the order of the stream: doors, observers, exporters. */
  @Override
  public void close() {
    watcher.interrupt();
    doors.close();
    log.close();
    tracing.close();
    metrics.close();
  }
}
