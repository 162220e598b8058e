package weir.models;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One version of {@code diamond-price}, loaded in ONNX Runtime; answers batches. Not for several
 * threads.
 */
final class PriceModel implements AutoCloseable {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  PriceModel(String version) throws OrtException {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session =
          environment.createSession("repository/diamond-price/" + version + "/model.onnx", options);
    }
  }

  OrtSession session() {
    return session;
  }

  double[] price(List<Diamond> diamonds) throws OrtException {
    Map<String, OnnxTensorLike> inputs = new HashMap<>();
    try {
      inputs.put("carat", numbers(diamonds, Diamond::carat));
      inputs.put("depth", numbers(diamonds, Diamond::depth));
      inputs.put("table", numbers(diamonds, Diamond::table));
      inputs.put("x", numbers(diamonds, Diamond::x));
      inputs.put("y", numbers(diamonds, Diamond::y));
      inputs.put("z", numbers(diamonds, Diamond::z));
      inputs.put("cut", words(diamonds, Diamond::cut));
      inputs.put("color", words(diamonds, Diamond::color));
      inputs.put("clarity", words(diamonds, Diamond::clarity));
      try (var result = session.run(inputs)) {
        OnnxTensor price = (OnnxTensor) result.get("price").orElseThrow();
        FloatBuffer dollars = price.getFloatBuffer();
        double[] prices = new double[dollars.remaining()];
        for (int row = 0; row < prices.length; row++) {
          prices[row] = dollars.get(row);
        }
        return prices;
      }
    } finally {
      inputs.values().forEach(OnnxTensorLike::close);
    }
  }

  private OnnxTensor numbers(List<Diamond> diamonds, ToDoubleFunction<Diamond> feature)
      throws OrtException {
    float[] values = new float[diamonds.size()];
    for (int row = 0; row < values.length; row++) {
      values[row] = (float) feature.applyAsDouble(diamonds.get(row));
    }
    return OnnxTensor.createTensor(
        environment, FloatBuffer.wrap(values), new long[] {values.length, 1});
  }

  private OnnxTensor words(List<Diamond> diamonds, Function<Diamond, String> feature)
      throws OrtException {
    String[] values = diamonds.stream().map(feature).toArray(String[]::new);
    return OnnxTensor.createTensor(environment, values, new long[] {values.length, 1});
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
