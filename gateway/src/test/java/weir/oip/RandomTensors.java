package weir.oip;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;

/** Tensors of random shape and values that JSON can say. */
final class RandomTensors {
  private static final List<Datatype> DATATYPES = List.of(Datatype.values());

  private RandomTensors() {}

  static Tensor any(String name, Random random) {
    return of(name, DATATYPES.get(random.nextInt(DATATYPES.size())), random);
  }

  static Tensor of(String name, Datatype datatype, Random random) {
    long[] dimensions = new long[random.nextInt(4)];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = random.nextInt(6);
    }
    Shape shape = Shape.of(dimensions);
    int elements = (int) shape.elements();
    if (datatype == Datatype.BYTES) {
      String[] values = new String[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = string(random);
      }
      return Tensor.ofStrings(name, shape, values);
    }
    ByteBuffer data = Tensor.allocate(elements * datatype.width());
    for (int i = 0; i < elements; i++) {
      putRandom(data, datatype, i, random);
    }
    return new Tensor(name, datatype, shape, data);
  }

  private static String string(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(300); i > 0; i--) {
      int point = random.nextInt(random.nextBoolean() ? 0x100 : 0x11000);
      if (point < 0xD800 || point > 0xDFFF) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }

  private static void putRandom(ByteBuffer data, Datatype datatype, int i, Random random) {
    switch (datatype) {
      case BOOL -> data.put(i, (byte) random.nextInt(2));
      case INT8, UINT8 -> data.put(i, (byte) random.nextInt());
      case INT16, UINT16 -> data.putShort(2 * i, (short) random.nextInt());
      case INT32, UINT32 -> data.putInt(4 * i, random.nextInt());
      case INT64, UINT64 -> data.putLong(8 * i, random.nextLong());
      case FP16 -> data.putShort(2 * i, (short) (random.nextInt() & 0xBFFF));
      case BF16 -> data.putShort(2 * i, (short) (random.nextInt() & 0xBFFF));
      case FP32 -> data.putInt(4 * i, random.nextInt() & 0xFF7FFFFF);
      case FP64 -> data.putLong(8 * i, random.nextLong() & 0xFFEFFFFFFFFFFFFFL);
      case BYTES -> throw new IllegalArgumentException("BYTES has no fixed width");
    }
  }
}
