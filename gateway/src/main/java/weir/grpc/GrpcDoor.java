package weir.grpc;

import io.grpc.Server;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import weir.access.Entrance;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.observation.DoorMeters;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.oip.DecodeLimits;
import weir.oip.GrpcServerCodec;
import weir.serving.ByteBudget;
import weir.serving.InferencePipeline;
import weir.serving.ModelDirectory;
import weir.serving.Served;

/** The gRPC port, from its start to its stop; every call runs on a virtual thread of its own. */
public final class GrpcDoor implements AutoCloseable {
  /** What the door opens onto. */
  public record Behind(
      InferencePipeline pipeline,
      ModelDirectory directory,
      GatewayMetrics metrics,
      Tracing tracing,
      Entrance entrance,
      ByteBudget budget) {}

  private static final int HEADERS_MAX_BYTES = 16 << 10;
  private static final int WINDOW_BYTES = 64 << 10;
  private static final int RESETS_MAX = 200;
  private static final int RESETS_WINDOW_SECONDS = 10;
  private static final long PROBE_SECONDS = 30;
  private static final long AGE_MAX_MINUTES = 60;
  private static final long PINGS_EVERY_SECONDS = 10;

  private final Server server;
  private final CallWatch watch;
  private final List<EventLoopGroup> loops;
  private final ExecutorService threads;
  private final HealthStatusManager health;
  private final GrpcSettings settings;

  private GrpcDoor(
      Server server,
      CallWatch watch,
      List<EventLoopGroup> loops,
      ExecutorService threads,
      HealthStatusManager health,
      GrpcSettings settings) {
    this.server = server;
    this.watch = watch;
    this.loops = loops;
    this.threads = threads;
    this.health = health;
    this.settings = settings;
  }

  /** Loads what serves gRPC, which else the port waits for; no port is opened. */
  public static void prepare() {
    NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(ProtoReflectionServiceV1.newInstance())
        .build();
  }

  /** Opens the port; {@link IOException} when it belongs to another process. */
  public static GrpcDoor create(
      GrpcSettings settings, DecodeLimits limits, Behind behind, String version)
      throws IOException {
    InferCalls infer =
        new InferCalls(
            behind.pipeline(),
            behind.tracing(),
            behind.metrics(),
            new GrpcServerCodec(limits),
            settings.maxRequests());
    ModelCalls models = new ModelCalls(behind.directory(), behind.metrics(), version);
    HealthStatusManager health = new HealthStatusManager();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    DoorMeters meters = behind.metrics().door("grpc");
    Arrivals arrivals = new Arrivals(settings, meters);
    CallWatch watch =
        CallWatch.start(settings, arrivals, meters, behind.budget(), () -> full(behind.pipeline()));
    List<EventLoopGroup> loops = List.of(loops(1), loops(0));
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .channelFactory(() -> attended(arrivals))
            .bossEventLoopGroup(loops.getFirst())
            .workerEventLoopGroup(loops.getLast())
            .executor(threads)
            .handshakeTimeout(settings.firstByteTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .maxInboundMessageSize((int) settings.maxMessageBytes())
            .maxInboundMetadataSize(HEADERS_MAX_BYTES)
            .maxConcurrentCallsPerConnection(settings.maxStreams())
            .initialFlowControlWindow(WINDOW_BYTES)
            .maxConnectionIdle(settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAge(AGE_MAX_MINUTES, TimeUnit.MINUTES)
            .maxConnectionAgeGrace(settings.drain().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTime(PROBE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(PROBE_SECONDS, TimeUnit.SECONDS)
            .maxRstFramesPerWindow(RESETS_MAX, RESETS_WINDOW_SECONDS)
            .permitKeepAliveTime(PINGS_EVERY_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addStreamTracerFactory(watch)
            .intercept(new Failures())
            .intercept(CallMetadata.interceptor())
            .intercept(new CallGuard(behind.entrance().access()))
            .intercept(watch)
            .addService(new InferenceService(infer, models))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    behind.entrance().certificates().ifPresent(shown -> builder.sslContext(DoorTls.of(shown)));
    Server server = builder.build();
    try {
      server.start();
    } catch (IOException e) {
      watch.close();
      loops.forEach(GrpcDoor::end);
      threads.shutdown();
      throw e;
    }
    return new GrpcDoor(server, watch, loops, threads, health, settings);
  }

  private static StatusException full(InferencePipeline pipeline) {
    Served refused =
        pipeline.refuse(
            "", Reason.OVERLOADED, "too many bytes of requests at once; try again shortly");
    return Statuses.refusal((Rejected) refused.result());
  }

  private static EventLoopGroup loops(int threads) {
    return Epoll.isAvailable()
        ? new EpollEventLoopGroup(threads, new DefaultThreadFactory("grpc", true))
        : new NioEventLoopGroup(threads, new DefaultThreadFactory("grpc", true));
  }

  private static ServerChannel attended(Arrivals arrivals) {
    ServerChannel channel =
        Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    channel.pipeline().addLast(arrivals);
    return channel;
  }

  private static void end(EventLoopGroup loops) {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  /** The port that serves; the one asked for, unless that was 0. */
  public int port() {
    return server.getPort();
  }

  /** Says that it is not ready any more, and serves on. */
  public void retire() {
    health.enterTerminalState();
  }

  /** Takes no more calls, waits for running ones within the drain time, and closes. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(settings.drain().toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    watch.close();
    loops.forEach(GrpcDoor::end);
    threads.shutdown();
  }
}
