package weir.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import weir.inference.Datatype;
import weir.inference.Tensor;

/** A tensor's values as JSON: a flat array in row-major order, floats in their shortest text. */
final class TensorText {
  private TensorText() {}

  /** Why JSON cannot say the tensor, with the element's position. */
  static Optional<String> unsayable(Tensor tensor) {
    int elements = tensor.elements();
    if (tensor.datatype() == Datatype.BYTES) {
      return unsayableString(tensor.data(), elements);
    }
    if (tensor.datatype().kind() == Datatype.Kind.FLOATING) {
      for (int i = 0; i < elements; i++) {
        if (!finite(tensor, i)) {
          return Optional.of("element %d is not a finite number".formatted(i));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean finite(Tensor tensor, int index) {
    ByteBuffer data = tensor.data();
    return switch (tensor.datatype()) {
      case FP16 -> (data.getShort(2 * index) & 0x7C00) != 0x7C00;
      case BF16 -> (data.getShort(2 * index) & 0x7F80) != 0x7F80;
      case FP32 -> Float.isFinite(data.getFloat(4 * index));
      case FP64 -> Double.isFinite(data.getDouble(8 * index));
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> true;
    };
  }

  private static Optional<String> unsayableString(ByteBuffer data, int elements) {
    int at = 0;
    for (int i = 0; i < elements; i++) {
      int left = data.limit() - at - 4;
      int length = left < 0 ? -1 : data.getInt(at);
      if (length < 0 || length > left) {
        return Optional.of("element %d goes beyond the data".formatted(i));
      }
      byte[] element = bytes(data, at + 4, length);
      if (Utf8.firstInvalid(element, 0, length) >= 0) {
        return Optional.of("element %d is not UTF-8 text".formatted(i));
      }
      at += 4 + length;
    }
    return Optional.empty();
  }

  /** Writes the array; the tensor is known to be sayable. */
  static void write(JsonGenerator json, Tensor tensor) throws IOException {
    json.writeStartArray();
    int elements = tensor.elements();
    if (tensor.datatype() == Datatype.BYTES) {
      writeStrings(json, tensor.data(), elements);
    } else {
      for (int i = 0; i < elements; i++) {
        writeValue(json, tensor.data(), tensor.datatype(), i);
      }
    }
    json.writeEndArray();
  }

  private static void writeStrings(JsonGenerator json, ByteBuffer data, int elements)
      throws IOException {
    int at = 0;
    for (int i = 0; i < elements; i++) {
      int length = data.getInt(at);
      json.writeUTF8String(bytes(data, at + 4, length), 0, length);
      at += 4 + length;
    }
  }

  /** Writes one value of fixed width. */
  static void writeValue(JsonGenerator json, ByteBuffer data, Datatype datatype, int i)
      throws IOException {
    switch (datatype) {
      case BOOL -> json.writeBoolean(data.get(i) != 0);
      case INT8 -> json.writeNumber(data.get(i));
      case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get(i)));
      case INT16 -> json.writeNumber(data.getShort(2 * i));
      case UINT16 -> json.writeNumber(Short.toUnsignedInt(data.getShort(2 * i)));
      case INT32 -> json.writeNumber(data.getInt(4 * i));
      case UINT32 -> json.writeNumber(Integer.toUnsignedLong(data.getInt(4 * i)));
      case INT64 -> json.writeNumber(data.getLong(8 * i));
      case UINT64 -> writeUnsigned(json, data.getLong(8 * i));
      case FP16 -> json.writeNumber(Float.float16ToFloat(data.getShort(2 * i)));
      case BF16 -> json.writeNumber(HalfFloats.fromBf16(data.getShort(2 * i)));
      case FP32 -> json.writeNumber(data.getFloat(4 * i));
      case FP64 -> json.writeNumber(data.getDouble(8 * i));
      case BYTES -> throw new IllegalArgumentException("BYTES has no fixed width");
    }
  }

  private static void writeUnsigned(JsonGenerator json, long value) throws IOException {
    if (value >= 0) {
      json.writeNumber(value);
    } else {
      json.writeNumber(Long.toUnsignedString(value));
    }
  }

  private static byte[] bytes(ByteBuffer data, int at, int length) {
    byte[] bytes = new byte[length];
    data.get(at, bytes);
    return bytes;
  }
}
