package weir.backend;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.TensorSpec;

/** How ONNX's types and the protocol's correspond. */
final class OnnxTypes {
  private OnnxTypes() {}

  /** What the session's model declares, in the model's order. */
  static ModelSignature signature(OrtSession session) throws OrtException, ModelRefusedException {
    return new ModelSignature(
        "onnxruntime_onnx", specs("input", session.getInputInfo()), outputs(session));
  }

  private static List<TensorSpec> outputs(OrtSession session)
      throws OrtException, ModelRefusedException {
    return specs("output", session.getOutputInfo());
  }

  private static List<TensorSpec> specs(String side, Map<String, NodeInfo> nodes)
      throws ModelRefusedException {
    List<TensorSpec> specs = new ArrayList<>();
    for (NodeInfo node : nodes.values()) {
      if (!(node.getInfo() instanceof TensorInfo tensor)) {
        throw new ModelRefusedException(
            "%s '%s' is not a tensor; only tensors can be served".formatted(side, node.getName()));
      }
      specs.add(
          new TensorSpec(
              node.getName(),
              datatype(side, node.getName(), tensor.type),
              Shape.of(tensor.getShape()),
              List.of(tensor.getDimensionNames())));
    }
    return specs;
  }

  private static Datatype datatype(String side, String name, OnnxJavaType type)
      throws ModelRefusedException {
    return switch (type) {
      case FLOAT -> Datatype.FP32;
      case DOUBLE -> Datatype.FP64;
      case INT8 -> Datatype.INT8;
      case INT16 -> Datatype.INT16;
      case INT32 -> Datatype.INT32;
      case INT64 -> Datatype.INT64;
      case BOOL -> Datatype.BOOL;
      case STRING -> Datatype.BYTES;
      case UINT8 -> Datatype.UINT8;
      case FLOAT16 -> Datatype.FP16;
      case BFLOAT16 -> Datatype.BF16;
      case UNKNOWN ->
          throw new ModelRefusedException(
              "%s '%s' has an element type that ONNX Runtime's Java side cannot pass"
                  .formatted(side, name));
    };
  }

  /** The element type that ONNX Runtime calls that datatype; BYTES is its string. */
  static OnnxJavaType javaType(Datatype datatype) {
    return switch (datatype) {
      case FP32 -> OnnxJavaType.FLOAT;
      case FP64 -> OnnxJavaType.DOUBLE;
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
      case BYTES -> OnnxJavaType.STRING;
      case UINT8 -> OnnxJavaType.UINT8;
      case FP16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case UINT16, UINT32, UINT64 ->
          throw new IllegalArgumentException("ONNX Runtime's Java side takes no " + datatype);
    };
  }
}
