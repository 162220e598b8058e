package weir.backend;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;

/**
 * Direct buffers, and native tensors over them, for one combination of input shapes, used again by
 * call after call.
 *
 * <p>Numeric tensors are copied in and out; a string tensor has no fixed size, so it is made for
 * each call. Outputs are pinned when their shapes follow from the inputs'. Used by one thread at a
 * time.
 */
final class OnnxSlot implements AutoCloseable {
  private final List<TensorSpec> inputSpecs;
  private final List<TensorSpec> outputSpecs;
  private final List<Shape> outputShapes;
  private final List<ByteBuffer> inputBuffers = new ArrayList<>();
  private final List<ByteBuffer> outputBuffers = new ArrayList<>();
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
  private final List<OnnxTensor> owned = new ArrayList<>();
  private final CallWatch watch;
  private final CallLimit limit;

  OnnxSlot(
      OrtEnvironment environment,
      CallWatch watch,
      List<TensorSpec> inputSpecs,
      List<Shape> inputShapes,
      List<TensorSpec> outputSpecs,
      List<Shape> outputShapes)
      throws OrtException {
    this.inputSpecs = inputSpecs;
    this.outputSpecs = outputSpecs;
    this.outputShapes = outputShapes;
    this.watch = watch;
    limit = watch.limit();
    for (int i = 0; i < inputSpecs.size(); i++) {
      inputBuffers.add(pin(environment, inputSpecs.get(i), inputShapes.get(i), inputs));
    }
    for (int i = 0; i < outputShapes.size(); i++) {
      outputBuffers.add(pin(environment, outputSpecs.get(i), outputShapes.get(i), outputs));
    }
  }

  private ByteBuffer pin(
      OrtEnvironment environment, TensorSpec spec, Shape shape, Map<String, OnnxTensor> tensors)
      throws OrtException {
    if (spec.datatype() == Datatype.BYTES) {
      return ByteBuffer.allocate(0);
    }
    int bytes = (int) shape.elements() * spec.datatype().width();
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    OnnxTensor tensor =
        OnnxTensor.createTensor(
            environment, buffer, shape.toArray(), OnnxTypes.javaType(spec.datatype()));
    tensors.put(spec.name(), tensor);
    owned.add(tensor);
    return buffer;
  }

  CallLimit limit() {
    return limit;
  }

  /** Runs the session on these tensors, in the order of the signature; all outputs come back. */
  List<Tensor> run(
      OrtEnvironment environment, OrtSession session, List<Tensor> tensors, long deadlineNanos)
      throws OrtException {
    List<OnnxTensor> strings = fill(environment, tensors);
    limit.begin(deadlineNanos);
    try (OrtSession.Result result =
        outputs.isEmpty()
            ? session.run(inputs, limit.options())
            : session.run(inputs, Set.of(), outputs, limit.options())) {
      return outputs.isEmpty() ? OnnxOutputs.copy(result, outputSpecs) : pinnedOutputs();
    } finally {
      limit.end();
      strings.forEach(OnnxTensor::close);
    }
  }

  private List<OnnxTensor> fill(OrtEnvironment environment, List<Tensor> tensors)
      throws OrtException {
    List<OnnxTensor> strings = List.of();
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      if (tensor.datatype() != Datatype.BYTES) {
        inputBuffers.get(i).put(0, tensor.data(), 0, tensor.data().limit());
        continue;
      }
      if (strings.isEmpty()) {
        strings = new ArrayList<>(tensors.size());
      }
      OnnxTensor made =
          OnnxTensor.createTensor(environment, tensor.strings(), tensor.shape().toArray());
      strings.add(made);
      inputs.put(inputSpecs.get(i).name(), made);
    }
    return strings;
  }

  private List<Tensor> pinnedOutputs() {
    Tensor[] copies = new Tensor[outputBuffers.size()];
    for (int i = 0; i < copies.length; i++) {
      ByteBuffer buffer = outputBuffers.get(i);
      ByteBuffer data = Tensor.allocate(buffer.capacity());
      data.put(0, buffer, 0, buffer.capacity());
      TensorSpec spec = outputSpecs.get(i);
      copies[i] = new Tensor(spec.name(), spec.datatype(), outputShapes.get(i), data);
    }
    return List.of(copies);
  }

  /** Overwrites every buffer with ones (NaN in floats), so that a stale read shows in tests. */
  void poison() {
    inputBuffers.forEach(OnnxSlot::poison);
    outputBuffers.forEach(OnnxSlot::poison);
  }

  private static void poison(ByteBuffer buffer) {
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, (byte) 0xff);
    }
  }

  @Override
  public void close() {
    owned.forEach(OnnxTensor::close);
    watch.release(limit);
  }
}
