package weir;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import weir.backend.LiveCatalog;
import weir.backend.ModelRepository;
import weir.backend.Quarantine;
import weir.drift.DriftEvent;
import weir.drift.DriftMonitor;
import weir.drift.DriftStatus;
import weir.drift.SignalDrift;
import weir.experiment.ShadowComparisons;
import weir.grpc.GrpcDoor;
import weir.http.FeedbackIntake;
import weir.http.HttpDoors;
import weir.http.Steering;
import weir.journal.Journal;
import weir.notice.DriftNotice;
import weir.notice.Notices;
import weir.notice.RolloutNotice;
import weir.notice.Webhooks;
import weir.observation.BufferedObserver;
import weir.observation.GatewayMetrics;
import weir.observation.Outcome;
import weir.observation.Tracing;
import weir.rollout.Change;
import weir.rollout.RolloutControl;
import weir.routing.LivePlan;
import weir.routing.PredictionSigner;
import weir.routing.RoutePlan;
import weir.routing.Router;
import weir.routing.SigningKeys;
import weir.serving.ByteBudget;
import weir.serving.InferencePipeline;
import weir.serving.ModelDirectory;
import weir.serving.ShadowDispatcher;

/** A running gateway: everything between its settings and its open ports. */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Gateway.class.getName());

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration PRUNE = Duration.ofHours(1);

  private final LiveGateway live;
  private final ShadowDispatcher dispatcher;
  private final HttpDoors doors;
  private final Optional<GrpcDoor> grpc;
  private final ControlLoop loop;
  private final Journal journal;
  private final Tracing tracing;
  private final GatewayMetrics metrics;
  private final BufferedObserver log;
  private final List<Periodic> periodic;
  private final Notices notices;
  private final Webhooks webhooks;
  private final Doorkeeper doorkeeper;

  private Gateway(
      LiveGateway live,
      ShadowDispatcher dispatcher,
      HttpDoors doors,
      Optional<GrpcDoor> grpc,
      ControlLoop loop,
      Journal journal,
      Tracing tracing,
      GatewayMetrics metrics,
      BufferedObserver log,
      List<Periodic> periodic,
      Notices notices,
      Webhooks webhooks,
      Doorkeeper doorkeeper) {
    this.live = live;
    this.dispatcher = dispatcher;
    this.doors = doors;
    this.grpc = grpc;
    this.loop = loop;
    this.journal = journal;
    this.tracing = tracing;
    this.metrics = metrics;
    this.log = log;
    this.periodic = periodic;
    this.notices = notices;
    this.webhooks = webhooks;
    this.doorkeeper = doorkeeper;
  }

  /** Loads, checks, warms up and opens the ports; throws with every problem when it cannot. */
  static Gateway start(WeirSettings settings) throws StartRefusedException {
    return start(settings, Clock.systemUTC());
  }

  /** {@code clock} dates predictions, feedback, rollouts and the journal. */
  static Gateway start(WeirSettings settings, Clock clock) throws StartRefusedException {
    GatewayMetrics metrics = GatewayMetrics.create(Version.CURRENT, InstantSource.system());
    Tracing tracing = Tracing.create(settings.tracing(), Version.CURRENT, metrics);
    BufferedObserver log = GatewayParts.requestLog(metrics);
    Doorkeeper doorkeeper = Doorkeeper.create(settings, metrics.access());
    LivePlan plan = new LivePlan(new RoutePlan(0, Map.of()));
    LiveCatalog catalog = new LiveCatalog();
    Notices notices = Notices.create(settings.notices(), InstantSource.system());
    Webhooks webhooks = GatewayParts.webhooks(settings, notices, metrics);
    DriftMonitor drift =
        DriftMonitor.create(metrics.drift(), event -> tell(event, notices), InstantSource.system());
    String replica = GatewayParts.replica();
    Journal journal = GatewayParts.journal(settings, metrics, clock);
    ControlLoop loop = new ControlLoop();
    ShadowComparisons shadows = new ShadowComparisons(metrics.shadow(), clock);
    RolloutControl control =
        RolloutControl.create(
            new RolloutControl.Around(
                plan,
                journal,
                metrics::showPlan,
                change -> tell(change, notices),
                (model, version) -> drifted(drift, model, version),
                shadows,
                metrics.rollout(),
                replica,
                clock,
                System::nanoTime),
            loop.wake());
    ShadowDispatcher dispatcher =
        new ShadowDispatcher(
            (model, version) -> catalog.current().find(model, version), shadows, settings.shadow());
    PredictionSigner signer = PredictionSigner.waiting();
    Optional<SigningKeys> keys = PredictionKeys.local(settings);
    InferencePipeline pipeline =
        new InferencePipeline(
            plan,
            catalog,
            new Router(ThreadLocalRandom::current),
            signer,
            metrics,
            observation -> {
              metrics.observe(observation);
              if (observation.outcome() instanceof Outcome.Refused) {
                log.observe(observation);
              }
            },
            drift,
            control,
            dispatcher,
            ThreadLocalRandom::current,
            clock);
    ModelRepository repository =
        ModelRepository.create(
            settings.repository(), Quarantine.in(settings.state()), metrics, tracing);
    LiveGateway live =
        new LiveGateway(repository, catalog, control, pipeline, metrics, drift, settings.models());
    Opening opening =
        new Opening(
            control,
            () ->
                signer.use(keys.orElseGet(() -> PredictionKeys.shared(settings, journal, replica))),
            live);
    GatewayParts.open(settings, opening);
    ModelDirectory directory = new ModelDirectory(plan, catalog, opening::missing);
    ByteBudget budget =
        ByteBudget.ofHeap(
            Math.max(settings.http().maxBodyBytes(), settings.grpc().maxMessageBytes()));
    HttpDoors doors =
        GatewayParts.open(
            settings,
            new HttpDoors.Behind(
                pipeline,
                directory,
                metrics,
                tracing,
                drift,
                settings.notices(),
                notices,
                new Steering(control, live::mismatch, journal),
                new FeedbackIntake(
                    signer, journal, control::labelWindow, metrics.feedback(), clock),
                doorkeeper.entrance(),
                budget));
    Optional<GrpcDoor> grpc =
        GatewayParts.open(
            settings,
            doors,
            new GrpcDoor.Behind(
                pipeline, directory, metrics, tracing, doorkeeper.entrance(), budget));
    loop.start(control, journal);
    Periodic watch =
        Periodic.start("model-watch", settings.repository().poll(), new ModelWatch(live));
    Periodic tick =
        Periodic.start("drift-tick", TICK, () -> drift.tick(InstantSource.system().instant()));
    Periodic open = Periodic.start("opening", TICK, opening);
    Periodic prune = Periodic.start("feedback-prune", PRUNE, control::prune);
    return new Gateway(
        live,
        dispatcher,
        doors,
        grpc,
        loop,
        journal,
        tracing,
        metrics,
        log,
        List.of(watch, tick, open, prune),
        notices,
        webhooks,
        doorkeeper);
  }

  /** What drifts on a version, in words. */
  private static List<String> drifted(DriftMonitor drift, String model, String version) {
    return drift.report(model).stream()
        .flatMap(report -> report.variants().stream())
        .filter(of -> of.variant().version().equals(version))
        .flatMap(of -> of.signals().stream())
        .filter(signal -> signal.status() == DriftStatus.DRIFT)
        .map(SignalDrift::feature)
        .toList();
  }

  private static void tell(Change change, Notices notices) {
    Level level = RolloutNotice.alerts(change) ? Level.WARNING : Level.INFO;
    LOG.log(level, notices.publish(RolloutNotice.of(change)).words());
  }

  private static void tell(DriftEvent event, Notices notices) {
    LOG.log(Level.WARNING, notices.publish(DriftNotice.of(event)).words());
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

  /** The gRPC port; -1 when there is none. */
  public int grpcPort() {
    return grpc.map(GrpcDoor::port).orElse(-1);
  }

  /** Who is told what happens; anyone may publish. */
  Notices notices() {
    return notices;
  }

  /**
   * Stops in the order of the stream: notices, doors, control, observers, exporters, the journal.
   */
  @Override
  public void close() {
    grpc.ifPresent(GrpcDoor::retire);
    doors.retire();
    periodic.forEach(Periodic::close);
    notices.close();
    webhooks.close();
    closeDoors();
    doorkeeper.close();
    dispatcher.close();
    loop.close();
    live.close();
    log.close();
    tracing.close();
    metrics.close();
    journal.close();
  }

  /** Both at once, so that a stop takes the longer of their drains and not the sum. */
  private void closeDoors() {
    Thread beside = Thread.ofVirtual().start(() -> grpc.ifPresent(GrpcDoor::close));
    doors.close();
    try {
      beside.join();
    } catch (InterruptedException e) {
      beside.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
