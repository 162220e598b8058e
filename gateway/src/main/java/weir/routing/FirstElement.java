package weir.routing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import weir.inference.Datatype;
import weir.inference.InferenceRequest;
import weir.inference.Tensor;

/** The first element of a tensor as a unit: where its bytes lie, and its text. */
final class FirstElement {
  private static final int LENGTH_PREFIX = 4;
  private static final int BF16_SHIFT = 16;

  private FirstElement() {}

  /** The index of the input of that name, or −1 when it is absent, without elements or empty. */
  static int indexOf(InferenceRequest request, String input) {
    List<Tensor> inputs = request.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).name().equals(input)) {
        return length(inputs.get(i)) > 0 ? i : -1;
      }
    }
    return -1;
  }

  static int offset(Tensor tensor) {
    return tensor.datatype() == Datatype.BYTES ? LENGTH_PREFIX : 0;
  }

  /** The bytes of the first element, 0 when there is none. */
  static int length(Tensor tensor) {
    if (tensor.elements() == 0) {
      return 0;
    }
    return tensor.datatype() == Datatype.BYTES
        ? tensor.data().getInt(0)
        : tensor.datatype().width();
  }

  static String text(Tensor tensor) {
    ByteBuffer data = tensor.data();
    return switch (tensor.datatype()) {
      case BOOL -> Boolean.toString(data.get(0) != 0);
      case UINT8 -> Integer.toString(Byte.toUnsignedInt(data.get(0)));
      case UINT16 -> Integer.toString(Short.toUnsignedInt(data.getShort(0)));
      case UINT32 -> Integer.toUnsignedString(data.getInt(0));
      case UINT64 -> Long.toUnsignedString(data.getLong(0));
      case INT8 -> Byte.toString(data.get(0));
      case INT16 -> Short.toString(data.getShort(0));
      case INT32 -> Integer.toString(data.getInt(0));
      case INT64 -> Long.toString(data.getLong(0));
      case FP16 -> Float.toString(Float.float16ToFloat(data.getShort(0)));
      case BF16 -> Float.toString(Float.intBitsToFloat(data.getShort(0) << BF16_SHIFT));
      case FP32 -> Float.toString(data.getFloat(0));
      case FP64 -> Double.toString(data.getDouble(0));
      case BYTES -> {
        byte[] bytes = new byte[length(tensor)];
        data.get(LENGTH_PREFIX, bytes);
        yield new String(bytes, StandardCharsets.UTF_8);
      }
    };
  }
}
