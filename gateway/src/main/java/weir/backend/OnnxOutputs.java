package weir.backend;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;

/** Copies the outputs that ONNX Runtime allocated, strings among them, into tensors. */
final class OnnxOutputs {
  private OnnxOutputs() {}

  static List<Tensor> copy(OrtSession.Result result, List<TensorSpec> specs) throws OrtException {
    List<Tensor> outputs = new ArrayList<>(specs.size());
    for (int i = 0; i < specs.size(); i++) {
      outputs.add(copy((OnnxTensor) result.get(i), specs.get(i)));
    }
    return outputs;
  }

  private static Tensor copy(OnnxTensor tensor, TensorSpec spec) throws OrtException {
    Shape shape = Shape.of(tensor.getInfo().getShape());
    if (spec.datatype() == Datatype.BYTES) {
      List<String> values = new ArrayList<>();
      flatten(tensor.getValue(), values);
      return Tensor.ofStrings(spec.name(), shape, values.toArray(String[]::new));
    }
    ByteBuffer data = tensor.getByteBuffer().rewind().order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(spec.name(), spec.datatype(), shape, data);
  }

  private static void flatten(Object value, List<String> values) {
    if (value instanceof Object[] elements) {
      for (Object element : elements) {
        flatten(element, values);
      }
    } else {
      values.add(String.valueOf(value));
    }
  }
}
