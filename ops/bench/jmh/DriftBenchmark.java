package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
import weir.drift.BaselineBuilder;
import weir.drift.BaselineJson;
import weir.drift.DriftMonitor;
import weir.drift.DriftSettings;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;

/**
 * What watching adds to a request of one row with 30 features: numbers, or categories of 50 values.
 *
 * <p>The values change from call to call, so that the processor cannot learn their bins. Each call
 * is timed, which adds some 25 ns.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class DriftBenchmark {
  private static final int FEATURES = 30;
  private static final int ROWS = 1_024;
  private static final Variant VARIANT = new Variant("watched", "1");

  @Param({"numbers", "categories"})
  private String features;

  private final List<List<Tensor>> requests = new ArrayList<>();
  private DriftMonitor monitor;
  private int next;

  @Setup
  public void start() throws Exception {
    boolean numbers = features.equals("numbers");
    Datatype datatype = numbers ? Datatype.FP32 : Datatype.BYTES;
    List<TensorSpec> specs = new ArrayList<>();
    StringBuilder csv = new StringBuilder();
    if (numbers) {
      specs.add(new TensorSpec("x", datatype, Shape.of(-1, FEATURES)));
    }
    for (int i = 0; i < FEATURES; i++) {
      csv.append(i == 0 ? "" : ",").append(numbers ? "x[" + i + "]" : "c" + i);
      if (!numbers) {
        specs.add(new TensorSpec("c" + i, datatype, Shape.of(-1, 1)));
      }
    }
    java.util.Random random = new java.util.Random(1);
    for (int row = 0; row < ROWS; row++) {
      float[] values = new float[FEATURES];
      List<Tensor> texts = new ArrayList<>();
      for (int i = 0; i < FEATURES; i++) {
        values[i] = (float) random.nextGaussian();
        String text = "category " + random.nextInt(50);
        texts.add(Tensor.ofStrings("c" + i, Shape.of(1, 1), text));
        csv.append(i == 0 ? "\n" : ",").append(numbers ? Float.toString(values[i]) : text);
      }
      requests.add(
          numbers ? List.of(Tensor.ofFloats("x", Shape.of(1, FEATURES), values)) : List.copyOf(texts));
    }
    watch(new ModelSignature("onnx", specs, List.of()), csv.append("\n").toString());
  }

  private void watch(ModelSignature signature, String csv) throws Exception {
    Path data = Files.createTempFile("weir-bench", ".csv");
    Path baseline = Files.createTempFile("weir-bench", ".json");
    Files.writeString(data, csv);
    BaselineBuilder builder =
        new BaselineBuilder(VARIANT.model(), signature, java.util.Set.of(), (done, total) -> {});
    switch (builder.build(data, java.time.Instant.EPOCH)) {
      case BaselineBuilder.Built built ->
          Files.writeString(baseline, BaselineJson.write(built.baseline()));
      case BaselineBuilder.Refused refused ->
          throw new IllegalStateException(refused.problems().toString());
    }
    GatewayMetrics metrics = GatewayMetrics.create("bench", InstantSource.system());
    monitor = DriftMonitor.create(metrics.drift(), event -> {}, InstantSource.system());
    DriftSettings d = DriftSettings.defaults();
    DriftSettings settings =
        new DriftSettings(
            new DriftSettings.Source.File(baseline), d.window(), d.samplesMin(), d.batchRowsMax(),
            d.falseAlarmsPerWeek(), d.psi(), d.share(), d.featuresMax());
    List<String> problems = monitor.watch(VARIANT, signature, settings, true);
    if (!problems.isEmpty()) {
      throw new IllegalStateException(problems.toString());
    }
    Files.delete(data);
    Files.delete(baseline);
  }

  @Benchmark
  public void answered() {
    monitor.answered(VARIANT, requests.get(next), List.of());
    next = next + 1 & ROWS - 1;
  }
}
