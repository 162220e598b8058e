package weir.drift;

import java.nio.ByteBuffer;
import weir.inference.Datatype;

/** Reads one element of tensor data. */
final class Elements {
  private Elements() {}

  /**
   * The element at byte {@code at} as a number; UINT64 beyond 2^63 as a double of its own value.
   */
  static double number(Datatype datatype, ByteBuffer data, int at) {
    return switch (datatype) {
      case FP32 -> data.getFloat(at);
      case FP64 -> data.getDouble(at);
      case FP16 -> Float.float16ToFloat(data.getShort(at));
      case BF16 -> Float.intBitsToFloat(data.getShort(at) << 16);
      case UINT64 -> unsigned(data.getLong(at));
      case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> whole(datatype, data, at);
      case BYTES -> Double.NaN;
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? (double) bits : (double) ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  /** The bits of an integer or truth value, sign or zero extended; 0 for any other datatype. */
  static long whole(Datatype datatype, ByteBuffer data, int at) {
    return switch (datatype) {
      case BOOL -> data.get(at) == 0 ? 0 : 1;
      case INT8 -> data.get(at);
      case INT16 -> data.getShort(at);
      case INT32 -> data.getInt(at);
      case INT64, UINT64 -> data.getLong(at);
      case UINT8 -> Byte.toUnsignedInt(data.get(at));
      case UINT16 -> Short.toUnsignedInt(data.getShort(at));
      case UINT32 -> Integer.toUnsignedLong(data.getInt(at));
      case FP16, BF16, FP32, FP64, BYTES -> 0;
    };
  }

  /** What a value becomes when a tensor of {@code datatype} carries it. */
  static double carried(Datatype datatype, double value) {
    return switch (datatype) {
      case FP32 -> (float) value;
      case FP16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case BF16 -> Float.intBitsToFloat(nearestBfloat(Float.floatToRawIntBits((float) value)));
      case FP64, BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, BYTES -> value;
    };
  }

  /** Ties to even in the upper half of a float's bits. */
  private static int nearestBfloat(int bits) {
    return bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000;
  }
}
