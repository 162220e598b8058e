package weir.serving;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import weir.inference.Tensor;
import weir.routing.Score;

/** Reads the score that a prediction id carries: the first element of one output. */
final class Scores {
  private Scores() {}

  static Score of(List<Tensor> outputs, Optional<String> name) {
    for (Tensor output : outputs) {
      if (name.isEmpty() || output.name().equals(name.get())) {
        return output.elements() == 0 ? new Score.None() : first(output);
      }
    }
    return new Score.None();
  }

  private static Score first(Tensor output) {
    ByteBuffer data = output.data();
    return switch (output.datatype()) {
      case FP32 -> new Score.Value(data.getFloat(0));
      case FP64 -> new Score.Value((float) data.getDouble(0));
      case FP16 -> new Score.Value(Float.float16ToFloat(data.getShort(0)));
      case BF16 -> new Score.Value(Float.intBitsToFloat(data.getShort(0) << 16));
      case BOOL -> Score.label(data.get(0) == 0 ? "false" : "true");
      case INT8 -> Score.label(Byte.toString(data.get(0)));
      case INT16 -> Score.label(Short.toString(data.getShort(0)));
      case INT32 -> Score.label(Integer.toString(data.getInt(0)));
      case INT64 -> Score.label(Long.toString(data.getLong(0)));
      case UINT8 -> Score.label(Integer.toString(Byte.toUnsignedInt(data.get(0))));
      case UINT16 -> Score.label(Integer.toString(Short.toUnsignedInt(data.getShort(0))));
      case UINT32 -> Score.label(Integer.toUnsignedString(data.getInt(0)));
      case UINT64 -> Score.label(Long.toUnsignedString(data.getLong(0)));
      case BYTES -> Score.label(output.strings()[0]);
    };
  }

  /** The score as a number for metrics; NaN when it is none. */
  static double number(Score score) {
    return score instanceof Score.Value value ? value.value() : Double.NaN;
  }
}
