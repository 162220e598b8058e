package weir.oip;

import com.google.protobuf.ByteString;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import inference.ModelInferResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;

/**
 * Inference over gRPC as a server sees it: messages to requests, outputs to messages.
 *
 * <p>Raw inputs are views of the message, which nobody changes. Answers are always raw. Throws on
 * no message; safe for any number of threads.
 */
public final class GrpcServerCodec {
  private final DecodeLimits limits;

  public GrpcServerCodec(DecodeLimits limits) {
    this.limits = limits;
  }

  public Decoded decode(ModelInferRequest message) {
    try {
      return new Decoded.Valid(read(message));
    } catch (Refusal refusal) {
      return new Decoded.Invalid(refusal.reason());
    }
  }

  private WireRequest read(ModelInferRequest message) throws Refusal {
    GrpcParameters.requireName(message.getId(), limits);
    List<InferInputTensor> given = message.getInputsList();
    GrpcTensors tensors =
        new GrpcTensors("inputs", message.getRawInputContentsList(), given.size(), limits);
    List<Tensor> inputs = new ArrayList<>(given.size());
    for (InferInputTensor input : given) {
      inputs.add(
          tensors.next(
              input.getName(),
              input.getDatatype(),
              input.getShapeList(),
              input.hasContents() ? input.getContents() : null));
      GrpcParameters.read(input.getParametersMap(), limits);
    }
    Map<String, Object> parameters = GrpcParameters.read(message.getParametersMap(), limits);
    return new WireRequest(message.getId(), inputs, outputs(message), parameters, true);
  }

  private List<WantedOutput> outputs(ModelInferRequest message) throws Refusal {
    if (message.getOutputsCount() > limits.maxOutputs()) {
      throw new Refusal("more than " + limits.maxOutputs() + " outputs");
    }
    List<WantedOutput> wanted = new ArrayList<>(message.getOutputsCount());
    Set<String> names = new HashSet<>();
    for (InferRequestedOutputTensor output : message.getOutputsList()) {
      String place = "outputs[" + wanted.size() + "]";
      if (output.getName().isEmpty()) {
        throw new Refusal("'name' is missing").in(place);
      }
      GrpcParameters.requireName(output.getName(), limits);
      if (!names.add(output.getName())) {
        throw new Refusal("an earlier output has the same name").in(place);
      }
      if (GrpcParameters.read(output.getParametersMap(), limits).containsKey("classification")) {
        throw new Refusal("classification is not served; ask for the output itself").in(place);
      }
      wanted.add(new WantedOutput(output.getName(), true));
    }
    return wanted;
  }

  /** {@code id} is the one to return, empty for none. */
  public ModelInferResponse.Builder encode(Variant variant, String id, List<Tensor> outputs) {
    ModelInferResponse.Builder message =
        ModelInferResponse.newBuilder()
            .setModelName(variant.model())
            .setModelVersion(variant.version())
            .setId(id);
    for (Tensor output : outputs) {
      ModelInferResponse.InferOutputTensor.Builder tensor =
          message.addOutputsBuilder().setName(output.name()).setDatatype(output.datatype().name());
      dimensions(output.shape()).forEach(tensor::addShape);
      message.addRawOutputContents(bytes(output));
    }
    return message;
  }

  static List<Long> dimensions(Shape shape) {
    List<Long> dimensions = new ArrayList<>(shape.rank());
    for (int i = 0; i < shape.rank(); i++) {
      dimensions.add(shape.dimension(i));
    }
    return dimensions;
  }

  static ByteString bytes(Tensor tensor) {
    return ByteString.copyFrom(tensor.data().duplicate());
  }
}
