package weir.oip;

import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import inference.ModelMetadataResponse;
import inference.ModelMetadataResponse.TensorMetadata;
import java.util.ArrayList;
import java.util.List;
import weir.inference.Datatype;
import weir.inference.InferenceRequest;
import weir.inference.ModelSignature;
import weir.inference.Quoted;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;

/** Inference over gRPC as a client sees it: requests to messages, messages to outputs. */
public final class GrpcClientCodec {
  private static final int DIMENSIONS_MAX = 128;

  private final DecodeLimits limits;

  /** {@code limits} bound what a server may answer. */
  public GrpcClientCodec(DecodeLimits limits) {
    this.limits = limits;
  }

  /** The message that asks for {@code request} under the server's names; always raw. */
  public ModelInferRequest encode(String model, String version, InferenceRequest request) {
    ModelInferRequest.Builder message =
        ModelInferRequest.newBuilder()
            .setModelName(model)
            .setModelVersion(version)
            .setId(request.id());
    request
        .parameters()
        .forEach((name, value) -> message.putParameters(name, GrpcParameters.write(value)));
    for (Tensor input : request.inputs()) {
      ModelInferRequest.InferInputTensor.Builder tensor =
          message.addInputsBuilder().setName(input.name()).setDatatype(input.datatype().name());
      GrpcServerCodec.dimensions(input.shape()).forEach(tensor::addShape);
      message.addRawInputContents(GrpcServerCodec.bytes(input));
    }
    request.outputs().forEach(output -> message.addOutputsBuilder().setName(output));
    return message.build();
  }

  /** The outputs in the order of {@code wanted}, or of the server when that is empty. */
  public List<Tensor> decode(ModelInferResponse message, List<String> wanted)
      throws InvalidAnswerException {
    try {
      List<Tensor> outputs = read(message);
      return wanted.isEmpty() ? outputs : select(outputs, wanted);
    } catch (Refusal refusal) {
      throw new InvalidAnswerException(refusal.reason());
    }
  }

  private List<Tensor> read(ModelInferResponse message) throws Refusal {
    List<InferOutputTensor> given = message.getOutputsList();
    GrpcTensors tensors =
        new GrpcTensors("outputs", message.getRawOutputContentsList(), given.size(), limits);
    List<Tensor> outputs = new ArrayList<>(given.size());
    for (InferOutputTensor output : given) {
      outputs.add(
          tensors.next(
              output.getName(),
              output.getDatatype(),
              output.getShapeList(),
              output.hasContents() ? output.getContents() : null));
    }
    return outputs;
  }

  private static List<Tensor> select(List<Tensor> outputs, List<String> wanted) throws Refusal {
    List<Tensor> selected = new ArrayList<>(wanted.size());
    for (String name : wanted) {
      selected.add(
          outputs.stream()
              .filter(output -> output.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> new Refusal("output %s is not there".formatted(Quoted.name(name)))));
    }
    return selected;
  }

  /** What the server says that the model takes and gives. */
  public ModelSignature signature(ModelMetadataResponse message) throws InvalidAnswerException {
    try {
      return new ModelSignature(
          message.getPlatform(),
          specs("inputs", message.getInputsList(), limits.maxInputs()),
          specs("outputs", message.getOutputsList(), limits.maxOutputs()));
    } catch (Refusal refusal) {
      throw new InvalidAnswerException(refusal.reason());
    }
  }

  private static List<TensorSpec> specs(String place, List<TensorMetadata> given, int most)
      throws Refusal {
    if (given.isEmpty() || given.size() > most) {
      throw new Refusal("%d %s; expected 1 to %d".formatted(given.size(), place, most));
    }
    List<TensorSpec> specs = new ArrayList<>(given.size());
    for (TensorMetadata each : given) {
      String at = place + "[" + specs.size() + "] " + Quoted.name(each.getName());
      Datatype datatype =
          Datatype.named(each.getDatatype())
              .orElseThrow(() ->
                  new Refusal("datatype %s is unknown".formatted(Quoted.name(each.getDatatype())))
                      .in(at));
      if (each.getShapeCount() > DIMENSIONS_MAX
          || each.getShapeList().stream().anyMatch(dimension -> dimension < -1)) {
        throw new Refusal("the shape is none").in(at);
      }
      specs.add(
          new TensorSpec(
              each.getName(),
              datatype,
              Shape.of(each.getShapeList().stream().mapToLong(Long::longValue).toArray())));
    }
    return specs;
  }
}
