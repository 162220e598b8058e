package bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import weir.backend.Backend;
import weir.backend.Catalog;
import weir.backend.ModelRepository;
import weir.backend.Quarantine;
import weir.backend.RepositorySettings;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.observation.TracingSettings;
import weir.oip.DecodeLimits;
import weir.oip.Decoded;
import weir.oip.RequestDecoder;

/**
 * What one call of a model costs by the way its tensors take: reused buffers, fresh ones, strings.
 *
 * <p>A session keeps reused buffers for the first eight combinations of shapes that it meets, one
 * row among them; meeting seven others first sends a batch of twelve the other way.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class BackendBenchmark {
  private static final int SHAPES_KEPT = 8;
  private static final int ROWS = 12;
  private static final String DIAMOND =
      "{\"inputs\":["
          + number("carat", 0.7) + text("cut", "Ideal") + text("color", "E") + text("clarity", "VS1")
          + number("depth", 61.5) + number("table", 57) + number("x", 5.7) + number("y", 5.72)
          + number("z", 3.53).replaceFirst(",$", "") + "]}";

  @Param({"pooled", "plain", "strings"})
  private String way;

  private Backend backend;
  private InferenceRequest request;

  @Setup
  public void start() throws Exception {
    Path root = Path.of(System.getProperty("weir.home"));
    GatewayMetrics metrics = GatewayMetrics.create("bench", InstantSource.system());
    Tracing tracing = Tracing.create(TracingSettings.defaults(), "bench", metrics);
    RepositorySettings d = RepositorySettings.defaults();
    RepositorySettings settings =
        new RepositorySettings(
            root.resolve("models/repository"), d.poll(), d.maxModelBytes(), d.permits(),
            d.maxQueued(), d.warmUpRuns());
    Catalog catalog =
        ModelRepository.create(settings, Quarantine.off(), metrics, tracing)
            .refresh(Catalog.EMPTY, Map.of());
    String model = way.equals("strings") ? "diamond-price" : "plain-30";
    backend = catalog.find(model, "1").orElseThrow().direct();
    if (way.equals("plain")) {
      for (int rows = 2; rows <= SHAPES_KEPT; rows++) {
        infer(decode(model, rows(rows)));
      }
    }
    request = decode(model, way.equals("strings") ? DIAMOND : rows(ROWS));
    System.out.println(infer(request));
  }

  private static String number(String name, double value) {
    return "{\"name\":\"%s\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[%s]},"
        .formatted(name, value);
  }

  private static String text(String name, String value) {
    return "{\"name\":\"%s\",\"shape\":[1,1],\"datatype\":\"BYTES\",\"data\":[\"%s\"]},"
        .formatted(name, value);
  }

  private static String rows(int rows) {
    return "{\"inputs\":[{\"name\":\"input\",\"shape\":[%d,30],\"datatype\":\"FP32\",\"data\":[%s]}]}"
        .formatted(rows, String.join(",", Collections.nCopies(rows * 30, "0.25")));
  }

  private static InferenceRequest decode(String model, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return switch (new RequestDecoder(DecodeLimits.defaults()).decode(body, body.length, -1)) {
      case Decoded.Invalid invalid -> throw new IllegalStateException(invalid.message());
      case Decoded.Valid valid ->
          new InferenceRequest(
              model, "", "", name -> "", valid.request().inputs(), valid.request().outputNames(),
              valid.request().parameters(),
              System.nanoTime() + Duration.ofHours(1).toNanos());
    };
  }

  private InferenceResult infer(InferenceRequest asked) {
    InferenceResult result = backend.infer(asked);
    if (result instanceof InferenceResult.Rejected rejected) {
      throw new IllegalStateException(rejected.message());
    }
    return result;
  }

  @Benchmark
  public InferenceResult infer() {
    return infer(request);
  }
}
