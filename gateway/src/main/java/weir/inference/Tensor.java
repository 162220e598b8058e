package weir.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One named array of values.
 *
 * <p>{@code data} is little-endian, starts at index 0, ends at its limit and is never changed after
 * construction; read it by absolute index. For {@link Datatype#BYTES} it is a sequence of four-byte
 * lengths, each followed by that many bytes.
 */
public record Tensor(String name, Datatype datatype, Shape shape, ByteBuffer data) {
  public Tensor {
    if (data.order() != ByteOrder.LITTLE_ENDIAN || data.position() != 0) {
      throw new IllegalArgumentException("tensor data is little-endian and starts at position 0");
    }
    long elements = shape.elements();
    if (elements < 0) {
      throw new IllegalArgumentException("tensor '" + name + "' has an open shape " + shape);
    }
    if (datatype != Datatype.BYTES && elements * datatype.width() != data.limit()) {
      throw new IllegalArgumentException(
          "tensor '%s' of %s %s needs %d bytes, has %d"
              .formatted(name, datatype, shape, elements * datatype.width(), data.limit()));
    }
  }

  /** A tensor of one value per float. */
  public static Tensor ofFloats(String name, Shape shape, float... values) {
    ByteBuffer data = allocate(4 * values.length);
    for (int i = 0; i < values.length; i++) {
      data.putFloat(4 * i, values[i]);
    }
    return new Tensor(name, Datatype.FP32, shape, data);
  }

  /** A BYTES tensor of one element per string, in UTF-8. */
  public static Tensor ofStrings(String name, Shape shape, String... values) {
    byte[][] encoded = new byte[values.length][];
    int size = 0;
    for (int i = 0; i < values.length; i++) {
      encoded[i] = values[i].getBytes(StandardCharsets.UTF_8);
      size += 4 + encoded[i].length;
    }
    ByteBuffer data = allocate(size);
    int at = 0;
    for (byte[] element : encoded) {
      data.putInt(at, element.length);
      data.put(at + 4, element);
      at += 4 + element.length;
    }
    return new Tensor(name, Datatype.BYTES, shape, data);
  }

  /** An empty little-endian heap buffer for tensor data. */
  public static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Number of elements. */
  public int elements() {
    return (int) shape.elements();
  }

  /** The elements of a BYTES tensor as UTF-8 strings. */
  public String[] strings() {
    String[] values = new String[elements()];
    int at = 0;
    for (int i = 0; i < values.length; i++) {
      int length = data.getInt(at);
      byte[] element = new byte[length];
      data.get(at + 4, element);
      values[i] = new String(element, StandardCharsets.UTF_8);
      at += 4 + length;
    }
    return values;
  }
}
