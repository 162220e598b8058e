package weir.backend;

import java.util.List;
import java.util.Map;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.Shape;
import weir.inference.Tensor;

/** Requests that the tests of this package send. */
final class Requests {
  static final long SECOND = 1_000_000_000L;

  private Requests() {}

  static InferenceRequest of(String id, List<Tensor> inputs, Map<String, Object> parameters) {
    return new InferenceRequest(
        "m", "", id, Headers.NONE, inputs, List.of(), parameters, System.nanoTime() + 5 * SECOND);
  }

  static InferenceRequest of(Tensor... inputs) {
    return of("", List.of(inputs), Map.of());
  }

  static InferenceRequest due(long deadlineNanos) {
    return new InferenceRequest(
        "m", "", "", Headers.NONE, List.of(floats(1)), List.of(), Map.of(), deadlineNanos);
  }

  static InferenceRequest due(List<Tensor> inputs, long deadlineNanos) {
    return new InferenceRequest(
        "m", "", "", Headers.NONE, inputs, List.of(), Map.of(), deadlineNanos);
  }

  static Tensor floats(float... values) {
    return Tensor.ofFloats("x", Shape.of(1, values.length), values);
  }

  /** One row of the benchmark model, all features {@code value}. */
  static Tensor plain(int rows, float value) {
    float[] values = new float[30 * rows];
    java.util.Arrays.fill(values, value);
    return Tensor.ofFloats("input", Shape.of(rows, 30), values);
  }

  /** {@code rows} equal stones. */
  static List<Tensor> diamonds(int rows, float carat) {
    return List.of(
        strings("cut", rows, "Ideal"),
        column("carat", rows, carat),
        column("depth", rows, 61.5f),
        column("table", rows, 55),
        column("x", rows, 5.1f),
        column("y", rows, 5.1f),
        column("z", rows, 3.2f),
        strings("color", rows, "E"),
        strings("clarity", rows, "SI1"));
  }

  private static Tensor column(String name, int rows, float value) {
    float[] values = new float[rows];
    java.util.Arrays.fill(values, value);
    return Tensor.ofFloats(name, Shape.of(rows, 1), values);
  }

  private static Tensor strings(String name, int rows, String value) {
    String[] values = new String[rows];
    java.util.Arrays.fill(values, value);
    return Tensor.ofStrings(name, Shape.of(rows, 1), values);
  }
}
