package weir.http;

import io.helidon.http.Method;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import weir.access.Entrance;
import weir.drift.DriftMonitor;
import weir.inference.Reason;
import weir.notice.NoticeSettings;
import weir.notice.Notices;
import weir.observation.CutReason;
import weir.observation.DoorMeters;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.oip.DecodeLimits;
import weir.oip.RequestDecoder;
import weir.rollout.Standing;
import weir.serving.ByteBudget;
import weir.serving.InferencePipeline;
import weir.serving.ModelDirectory;

/** Both HTTP ports, from their start to their stop. */
public final class HttpDoors implements AutoCloseable {
  /** What the doors open onto. */
  public record Behind(
      InferencePipeline pipeline,
      ModelDirectory directory,
      GatewayMetrics metrics,
      Tracing tracing,
      DriftMonitor drift,
      NoticeSettings noticeSettings,
      Notices notices,
      Steering steering,
      FeedbackIntake feedback,
      Entrance entrance,
      ByteBudget budget) {}

  private static final String MANAGEMENT = "management";
  private static final int HEADERS_MAX_BYTES = 16 << 10;
  private static final int PROLOGUE_MAX_BYTES = 64 << 10;
  private static final int STREAMS_MAX = 100;
  private static final int RESETS_MAX = 50;
  private static final int WINDOW_BYTES = 64 << 10;

  private final WebServer server;
  private final Attendance attendance;
  private final HttpSettings settings;
  private final ModelDirectory directory;

  private HttpDoors(
      WebServer server, Attendance attendance, HttpSettings settings, ModelDirectory directory) {
    this.server = server;
    this.attendance = attendance;
    this.settings = settings;
    this.directory = directory;
  }

  /** Loads what serves HTTP, which else the first port waits for; no port is opened. */
  public static void prepare() {
    WebServer.builder().shutdownHook(false).build();
  }

  /** Opens both ports. */
  public static HttpDoors create(
      HttpSettings settings, DecodeLimits limits, Behind behind, String version)
      throws PortTakenException {
    requireFree(settings.host(), settings.port(), "http.port");
    requireFree(settings.managementHost(), settings.managementPort(), "http.management-port");
    DoorMeters shown = behind.metrics().door("http");
    DoorMeters inside = behind.metrics().door(MANAGEMENT);
    Bodies bodies = new Bodies(settings.maxBodyBytes(), shown);
    BodyBudget budget =
        new BodyBudget(
            behind.budget(),
            new BodiesComing(settings.maxRequests()),
            settings.maxBodyBytes(),
            () ->
                behind
                    .pipeline()
                    .refuse("", Reason.OVERLOADED, "bodies in work would take too much memory"));
    InferDoor infer =
        new InferDoor(
            behind.pipeline(),
            behind.tracing(),
            behind.metrics(),
            bodies,
            new RequestDecoder(limits),
            behind.entrance().access());
    ModelDoor models = new ModelDoor(behind.directory(), behind.metrics(), version);
    FeedbackDoor feedback = new FeedbackDoor(behind.feedback(), behind.directory(), bodies);
    Attendance attendance = Attendance.start(settings);
    WebServer server =
        WebServer.builder()
            .shutdownHook(false)
            .host(settings.host())
            .port(settings.port())
            .routing(
                protocol(
                    routes(behind, settings.cors(), routing(attendance).addFilter(budget)),
                    infer,
                    models,
                    feedback))
            .update(it -> bound(it, settings, behind, attendance, shown))
            .putSocket(
                MANAGEMENT,
                socket ->
                    bound(socket, settings, behind, attendance, inside)
                        .host(settings.managementHost())
                        .port(settings.managementPort())
                        .routing(
                            management(
                                models,
                                behind,
                                new Bodies(settings.maxBodyBytes(), inside),
                                attendance)))
            .build()
            .start();
    if (server.port() < 0 || server.port(MANAGEMENT) < 0) {
      server.stop();
      attendance.close();
      throw new PortTakenException(settings.host(), settings.port(), "http.port");
    }
    return new HttpDoors(server, attendance, settings, behind.directory());
  }

  /** Asked beforehand, because the server logs a failed bind and starts all the same. */
  private static void requireFree(String host, int port, String key) throws PortTakenException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      throw new PortTakenException(host, port, key);
    }
  }

  private static <B extends ListenerConfig.BuilderBase<B, ?>> B bound(
      B listener, HttpSettings settings, Behind behind, Attendance attendance, DoorMeters meters) {
    behind.entrance().certificates().ifPresent(shown -> listener.tls(DoorTls.of(shown)));
    return listener
        .maxTcpConnections(settings.maxConnections())
        .maxConcurrentRequests(settings.maxRequests())
        .idleConnectionTimeout(settings.idleTimeout())
        .shutdownGracePeriod(settings.drain())
        .connectionOptions(attendance.sockets())
        // Hands the server's reason to DirectErrors, which maps it; it is not sent.
        .errorHandling(errors -> errors.includeEntity(true))
        .directHandlers(DirectErrors.handlers(() -> meters.cut(CutReason.BAD_FRAMING, "unknown")))
        .protocolsDiscoverServices(false)
        .addConnectionSelector(
            AttendedSelector.create(
                listener.name(),
                attendance,
                meters,
                Http1Config.builder()
                    .maxHeadersSize(HEADERS_MAX_BYTES)
                    .maxPrologueLength(PROLOGUE_MAX_BYTES)
                    .sendKeepAliveHeader(false),
                Http2Config.builder()
                    .maxConcurrentStreams(STREAMS_MAX)
                    .initialWindowSize(WINDOW_BYTES)
                    .maxHeaderListSize(HEADERS_MAX_BYTES)
                    .maxRapidResets(RESETS_MAX)
                    .flowControlTimeout(settings.writeTimeout())
                    .sendErrorDetails(false)
                    .build()));
  }

  /** While the port closes, every answer over HTTP/1.1 says so. */
  private static HttpRouting.Builder routing(Attendance attendance) {
    return HttpRouting.builder()
        .addFilter((chain, request, response) -> {
          if (attendance.closing()) {
            Answers.closing(request, response);
          }
          chain.proceed();
        });
  }

  private static Routes routes(Behind behind, CorsSettings cors, HttpRouting.Builder routing) {
    return new Routes(routing, behind.entrance().access(), new Cors(cors));
  }

  private static HttpRouting.Builder protocol(
      Routes routing, InferDoor infer, ModelDoor models, FeedbackDoor feedback) {
    String model = "/v2/models/{model}";
    String version = model + "/versions/{version}";
    Fallback.route(routing, Method.POST, model + "/infer", infer::handle);
    Fallback.route(routing, Method.POST, version + "/infer", infer::handle);
    Fallback.route(routing, Method.POST, model + "/feedback", feedback::handle);
    Fallback.route(routing, Method.GET, "/v2", models::server);
    Fallback.route(routing, Method.GET, "/v2/health/live", models::live);
    Fallback.route(routing, Method.GET, "/v2/health/ready", models::ready);
    Fallback.route(routing, Method.GET, model, models::model);
    Fallback.route(routing, Method.GET, version, models::model);
    Fallback.route(routing, Method.GET, model + "/ready", models::modelReady);
    Fallback.route(routing, Method.GET, version + "/ready", models::modelReady);
    Fallback.route(routing, Method.GET, model + "/stats", models::statistics);
    Fallback.route(routing, Method.GET, version + "/stats", models::statistics);
    Fallback.route(routing, Method.POST, "/v2/repository/index", models::index);
    ApiDocs.create("openapi.yaml").route(routing);
    Fallback.close(routing);
    return routing.builder();
  }

  private static Standing standing(Behind behind) {
    return behind.steering().control().standing();
  }

  private static HttpRouting.Builder management(
      ModelDoor models, Behind behind, Bodies bodies, Attendance attendance) {
    Routes routing = routes(behind, CorsSettings.defaults(), routing(attendance));
    ManagementDoor management = new ManagementDoor(behind.metrics(), behind.drift());
    Fallback.route(routing, Method.GET, "/metrics", management::metrics);
    Fallback.route(routing, Method.GET, "/admin/models/{model}/drift", management::drift);
    EventDoor events =
        new EventDoor(
            behind.notices(),
            behind.noticeSettings(),
            behind.metrics().notices().sink(NoticeSettings.STREAM),
            new Guard(routing.access(), EventDoor.PATH));
    Fallback.route(routing, Method.GET, EventDoor.PATH, events::handle);
    new AdminDoor(behind.steering(), bodies).route(routing);
    new OverviewDoor(behind.steering().control(), behind.directory(), behind.metrics())
        .route(routing);
    new ConsoleDoor().route(routing);
    Fallback.route(routing, Method.GET, "/health/live", models::live);
    Fallback.route(
        routing,
        Method.GET,
        "/health/ready",
        (request, response) -> models.ready(response, AdminJson.standing(standing(behind))));
    ApiDocs.create("openapi-admin.yaml").route(routing);
    Fallback.close(routing);
    return routing.builder();
  }

  /** The port that serves the protocol; the one asked for, unless that was 0. */
  public int port() {
    return server.port();
  }

  public int managementPort() {
    return server.port(MANAGEMENT);
  }

  /** Says that it is not ready any more, and serves on for the lame-duck time. */
  public void retire() {
    directory.retire();
    try {
      Thread.sleep(settings.lameDuck());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells clients to leave, waits for them within the drain time, and closes. */
  @Override
  public void close() {
    attendance.drain();
    server.stop();
    attendance.close();
  }
}
