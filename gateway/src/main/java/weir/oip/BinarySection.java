package weir.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import weir.inference.Datatype;
import weir.inference.Shape;

/**
 * The raw bytes after the JSON, handed out to the tensors in their order.
 *
 * <p>What is handed out is a view of the body, not a copy.
 */
final class BinarySection {
  private final byte[] body;
  private final int end;
  private final boolean announced;
  private final long maxStringBytes;
  private int at;

  private BinarySection(byte[] body, int from, int end, boolean announced, long maxStringBytes) {
    this.body = body;
    this.at = from;
    this.end = end;
    this.announced = announced;
    this.maxStringBytes = maxStringBytes;
  }

  /**
   * The section of a body of {@code length} bytes; {@code jsonLength} is what the header {@code
   * Inference-Header-Content-Length} says, or −1 when it is absent.
   */
  static BinarySection of(byte[] body, int length, int jsonLength, DecodeLimits limits)
      throws Refusal {
    if (jsonLength < -1 || jsonLength > length) {
      throw new Refusal(
          "Inference-Header-Content-Length is %d, the body has %d bytes"
              .formatted(jsonLength, length));
    }
    boolean announced = jsonLength != -1;
    return new BinarySection(
        body, announced ? jsonLength : length, length, announced, limits.maxStringBytes());
  }

  /** Whether there is one, be it empty. */
  boolean announced() {
    return announced;
  }

  /** Where the next tensor's bytes start: at first, the length of the JSON. */
  int start() {
    return at;
  }

  /** The next {@code size} bytes as the data of a tensor. */
  ByteBuffer take(long size, Datatype datatype, Shape shape) throws Refusal {
    if (!announced) {
      throw new Refusal(
          "binary_data_size is given, but the header Inference-Header-Content-Length is not");
    }
    if (size < 0 || size > end - at) {
      throw new Refusal(
          "binary_data_size is %d, but %d bytes are left after the JSON".formatted(size, end - at));
    }
    long needed = shape.elements() * datatype.width();
    if (datatype != Datatype.BYTES && size != needed) {
      throw new Refusal(
          "binary_data_size is %d, %s %s takes %d".formatted(size, datatype, shape, needed));
    }
    ByteBuffer data = ByteBuffer.wrap(body, at, (int) size).slice().order(ByteOrder.LITTLE_ENDIAN);
    if (datatype == Datatype.BYTES) {
      checkStrings(data, shape);
    } else if (datatype == Datatype.BOOL) {
      checkBooleans(data);
    }
    at += (int) size;
    return data;
  }

  /** Refuses bytes that belong to no tensor; {@code kind} is "input" or "output". */
  void finish(String kind) throws Refusal {
    if (at != end) {
      throw new Refusal(
          "%d bytes after the JSON belong to no %s; their binary_data_size must add up to them"
              .formatted(end - at, kind));
    }
  }

  private void checkStrings(ByteBuffer data, Shape shape) throws Refusal {
    long elements = shape.elements();
    int offset = 0;
    for (long i = 0; i < elements; i++) {
      long length = data.limit() - offset < 4 ? -1 : data.getInt(offset) & 0xFFFFFFFFL;
      if (length < 0) {
        throw new Refusal(
            "binary data ends after %d strings, shape %s takes %d".formatted(i, shape, elements));
      }
      if (length > maxStringBytes) {
        throw new Refusal(
            "binary data[%d]: the string is longer than %d bytes".formatted(i, maxStringBytes));
      }
      if (length > data.limit() - offset - 4) {
        throw new Refusal("binary data[%d]: the string goes beyond the data".formatted(i));
      }
      offset += 4 + (int) length;
    }
    if (offset != data.limit()) {
      throw new Refusal(
          "binary data has %d bytes after the %d strings that shape %s takes"
              .formatted(data.limit() - offset, elements, shape));
    }
  }

  private static void checkBooleans(ByteBuffer data) throws Refusal {
    for (int i = 0; i < data.limit(); i++) {
      if (data.get(i) < 0 || data.get(i) > 1) {
        throw new Refusal("binary data[%d]: expected a byte of 0 or 1".formatted(i));
      }
    }
  }
}
