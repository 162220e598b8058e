package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import weir.backend.Catalog;
import weir.backend.LiveCatalog;
import weir.backend.ModelRepository;
import weir.backend.Quarantine;
import weir.backend.RepositorySettings;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult.Answered;
import weir.inference.Variant;
import weir.observation.ComparisonObserver;
import weir.observation.GatewayMetrics;
import weir.observation.RequestSpan;
import weir.observation.ShadowAnswer;
import weir.observation.ShadowObserver;
import weir.observation.Tracing;
import weir.observation.TracingSettings;
import weir.oip.DecodeLimits;
import weir.oip.Decoded;
import weir.oip.Encoded;
import weir.oip.RequestDecoder;
import weir.oip.ResponseEncoder;
import weir.oip.WireRequest;
import weir.routing.Assignment;
import weir.routing.KeyFile;
import weir.routing.LivePlan;
import weir.routing.ModelRoute;
import weir.routing.PredictionSigner;
import weir.routing.RoutePlan;
import weir.routing.Router;
import weir.routing.RoutingPolicy;
import weir.routing.Share;
import weir.routing.Stickiness;
import weir.serving.InferencePipeline;
import weir.serving.Served;
import weir.serving.ShadowDispatcher;
import weir.serving.ShadowSettings;

/**
 * What a request costs between the HTTP server's two calls: its parts, and the whole.
 *
 * <p>Each call is timed, so that the median (p0.50) is that of calls which nothing else on the
 * machine interrupted. Timing adds some 25 ns.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class InferBenchmark {
  private static final String MODEL = "plain-30";
  private static final Headers HEADERS = name -> name.equals("x-user-id") ? "user-42" : "";

  private final RequestDecoder decoder = new RequestDecoder(DecodeLimits.defaults());
  private final ResponseEncoder encoder = new ResponseEncoder();
  private final Router router = new Router(ThreadLocalRandom::current);
  private byte[] body;
  private LivePlan plan;
  private Tracing tracing;
  private InferencePipeline pipeline;
  private InferenceRequest decoded;
  private WireRequest wire;
  private Served served;

  @Setup
  public void start() throws Exception {
    Path root = Path.of(System.getProperty("weir.home"));
    body = body().getBytes(StandardCharsets.UTF_8);
    GatewayMetrics metrics = GatewayMetrics.create("bench", InstantSource.system());
    tracing = Tracing.create(TracingSettings.defaults(), "bench", metrics);
    RepositorySettings settings = repository(root.resolve("models/repository"));
    LiveCatalog catalog = new LiveCatalog();
    catalog.publish(
        ModelRepository.create(settings, Quarantine.off(), metrics, tracing)
            .refresh(Catalog.EMPTY, Map.of()));
    catalog.current().variants().forEach(variant -> metrics.prepare(variant.variant()));
    ModelRoute route =
        new ModelRoute(
            MODEL,
            new Stickiness.ByHeader("x-user-id"),
            List.of(),
            new RoutingPolicy.Split(List.of(new Share("1", 100))));
    plan = new LivePlan(new RoutePlan(1, Map.of(MODEL, route)));
    pipeline =
        new InferencePipeline(
            plan,
            catalog,
            router,
            signer(),
            metrics,
            metrics,
            (variant, inputs, outputs) -> {},
            ComparisonObserver.NONE,
            nobodysShadows(),
            ThreadLocalRandom::current,
            Clock.systemUTC());
    wire = decode();
    decoded = request(wire);
    served = serve(decoded);
    System.out.println(new String(encoded(), StandardCharsets.UTF_8));
  }

  private static String body() {
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      data.append(i == 0 ? "" : ",").append((i * 7919 % 4001 - 2000) / 1000.0).append("123");
    }
    return "{\"id\":\"42\",\"inputs\":[{\"name\":\"input\",\"shape\":[1,30],\"datatype\":\"FP32\",\"data\":["
        + data
        + "]}]}";
  }

  private static RepositorySettings repository(Path path) {
    RepositorySettings d = RepositorySettings.defaults();
    return new RepositorySettings(
        path, d.poll(), d.maxModelBytes(), d.permits(), d.maxQueued(), d.warmUpRuns());
  }

  /** For a route without shadows. */
  private static ShadowDispatcher nobodysShadows() {
    ShadowObserver none =
        new ShadowObserver() {
          @Override
          public void compared(ShadowAnswer answer) {}

          @Override
          public void dropped(Variant shadow, Drop reason) {}
        };
    return new ShadowDispatcher(
        (model, version) -> Optional.empty(), none, ShadowSettings.defaults());
  }

  private static PredictionSigner signer() throws IOException {
    Path folder = Files.createTempDirectory("weir-bench");
    Path keys = folder.resolve("keys");
    PredictionSigner signer =
        PredictionSigner.create(new KeyFile(keys, new java.security.SecureRandom()).readOrCreate());
    Files.delete(keys);
    Files.delete(folder);
    return signer;
  }

  @Benchmark
  public WireRequest decode() {
    return switch (decoder.decode(body, body.length, -1)) {
      case Decoded.Valid valid -> valid.request();
      case Decoded.Invalid invalid -> throw new IllegalStateException(invalid.message());
    };
  }

  @Benchmark
  public Assignment assign() {
    return router.assign(plan.current().models().get(MODEL), decoded);
  }

  /** Assignment, checks, the model, the signed id and the metrics. */
  @Benchmark
  public Served serve() {
    return serve(decoded);
  }

  @Benchmark
  public Encoded encode() {
    return encode(served, wire);
  }

  @Benchmark
  public Encoded whole() {
    WireRequest read = decode();
    return encode(serve(request(read)), read);
  }

  private InferenceRequest request(WireRequest read) {
    return new InferenceRequest(
        MODEL,
        "",
        read.id(),
        HEADERS,
        read.inputs(),
        read.outputNames(),
        read.parameters(),
        System.nanoTime() + Duration.ofSeconds(10).toNanos());
  }

  private Served serve(InferenceRequest request) {
    try (RequestSpan span = tracing.begin(HEADERS, "infer")) {
      return pipeline.serve(request, System.nanoTime(), span);
    }
  }

  private Encoded encode(Served answer, WireRequest read) {
    return encoder.encode(
        answer.variant(), read.id(), ((Answered) answer.result()).outputs(), read);
  }

  private byte[] encoded() {
    return switch (encode(served, wire)) {
      case Encoded.Body text -> java.util.Arrays.copyOf(text.bytes(), text.length());
      case Encoded.Unsayable unsayable -> throw new IllegalStateException(unsayable.message());
    };
  }
}
