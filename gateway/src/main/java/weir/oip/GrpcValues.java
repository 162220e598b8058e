package weir.oip;

import com.google.protobuf.ByteString;
import inference.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.Tensor;

/** The values of one tensor in a gRPC message, raw or in the field of its datatype. */
final class GrpcValues {
  private final Datatype datatype;
  private final Shape shape;
  private final long maxStringBytes;

  GrpcValues(Datatype datatype, Shape shape, long maxStringBytes) {
    this.datatype = datatype;
    this.shape = shape;
    this.maxStringBytes = maxStringBytes;
  }

  /** A view of the message's bytes. */
  ByteBuffer raw(ByteString bytes) throws Refusal {
    long needed = shape.elements() * datatype.width();
    if (datatype != Datatype.BYTES && bytes.size() != needed) {
      throw new Refusal(
          "raw contents have %d bytes, %s %s takes %d"
              .formatted(bytes.size(), datatype, shape, needed));
    }
    ByteBuffer data = bytes.asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    if (datatype == Datatype.BYTES) {
      checkStrings(data);
    } else if (datatype == Datatype.BOOL) {
      checkBooleans(data);
    }
    return data;
  }

  private void checkStrings(ByteBuffer data) throws Refusal {
    long elements = shape.elements();
    int offset = 0;
    for (long i = 0; i < elements; i++) {
      long length = data.limit() - offset < 4 ? -1 : data.getInt(offset) & 0xFFFFFFFFL;
      if (length < 0) {
        throw new Refusal(
            "raw contents end after %d strings, shape %s takes %d".formatted(i, shape, elements));
      }
      requireShort(length, (int) i);
      if (length > data.limit() - offset - 4) {
        throw new Refusal("raw contents[%d]: the string goes beyond the contents".formatted(i));
      }
      offset += 4 + (int) length;
    }
    if (offset != data.limit()) {
      throw new Refusal(
          "raw contents have %d bytes after the %d strings that shape %s takes"
              .formatted(data.limit() - offset, elements, shape));
    }
  }

  private void requireShort(long length, int index) throws Refusal {
    if (length > maxStringBytes) {
      throw new Refusal(
          "contents[%d]: the string is longer than %d bytes".formatted(index, maxStringBytes));
    }
  }

  private static void checkBooleans(ByteBuffer data) throws Refusal {
    for (int i = 0; i < data.limit(); i++) {
      if (data.get(i) < 0 || data.get(i) > 1) {
        throw new Refusal("raw contents[%d]: expected a byte of 0 or 1".formatted(i));
      }
    }
  }

  /** A copy of the values in the field of the datatype. */
  ByteBuffer typed(InferTensorContents contents) throws Refusal {
    return switch (datatype) {
      case BOOL -> booleans(contents);
      case INT8, INT16, INT32 -> signed(contents);
      case UINT8, UINT16, UINT32 -> unsigned(contents);
      case INT64 -> longs("int64_contents", contents.getInt64ContentsList(), contents);
      case UINT64 -> longs("uint64_contents", contents.getUint64ContentsList(), contents);
      case FP32 -> floats(contents);
      case FP64 -> doubles(contents);
      case BYTES -> strings(contents);
      case FP16, BF16 ->
          throw new Refusal(datatype + " has no typed contents; send raw_input_contents");
    };
  }

  private ByteBuffer booleans(InferTensorContents contents) throws Refusal {
    ByteBuffer data = allocate("bool_contents", contents.getBoolContentsCount(), contents);
    for (int i = 0; i < contents.getBoolContentsCount(); i++) {
      data.put(i, (byte) (contents.getBoolContents(i) ? 1 : 0));
    }
    return data;
  }

  private ByteBuffer signed(InferTensorContents contents) throws Refusal {
    ByteBuffer data = allocate("int_contents", contents.getIntContentsCount(), contents);
    int spare = Integer.SIZE - 8 * datatype.width();
    for (int i = 0; i < contents.getIntContentsCount(); i++) {
      int value = contents.getIntContents(i);
      if (value << spare >> spare != value) {
        throw outside("int_contents", i);
      }
      putInteger(data, i, value);
    }
    return data;
  }

  private ByteBuffer unsigned(InferTensorContents contents) throws Refusal {
    ByteBuffer data = allocate("uint_contents", contents.getUintContentsCount(), contents);
    int spare = Integer.SIZE - 8 * datatype.width();
    for (int i = 0; i < contents.getUintContentsCount(); i++) {
      int value = contents.getUintContents(i);
      if (value << spare >>> spare != value) {
        throw outside("uint_contents", i);
      }
      putInteger(data, i, value);
    }
    return data;
  }

  private Refusal outside(String field, int index) {
    return new Refusal("%s[%d]: the value does not fit %s".formatted(field, index, datatype));
  }

  private void putInteger(ByteBuffer data, int index, int value) {
    switch (datatype.width()) {
      case 1 -> data.put(index, (byte) value);
      case 2 -> data.putShort(2 * index, (short) value);
      default -> data.putInt(4 * index, value);
    }
  }

  private ByteBuffer longs(String field, List<Long> values, InferTensorContents contents)
      throws Refusal {
    ByteBuffer data = allocate(field, values.size(), contents);
    for (int i = 0; i < values.size(); i++) {
      data.putLong(8 * i, values.get(i));
    }
    return data;
  }

  private ByteBuffer floats(InferTensorContents contents) throws Refusal {
    ByteBuffer data = allocate("fp32_contents", contents.getFp32ContentsCount(), contents);
    for (int i = 0; i < contents.getFp32ContentsCount(); i++) {
      data.putFloat(4 * i, contents.getFp32Contents(i));
    }
    return data;
  }

  private ByteBuffer doubles(InferTensorContents contents) throws Refusal {
    ByteBuffer data = allocate("fp64_contents", contents.getFp64ContentsCount(), contents);
    for (int i = 0; i < contents.getFp64ContentsCount(); i++) {
      data.putDouble(8 * i, contents.getFp64Contents(i));
    }
    return data;
  }

  private ByteBuffer strings(InferTensorContents contents) throws Refusal {
    int count = contents.getBytesContentsCount();
    requireCount("bytes_contents", count, contents);
    long size = 0;
    for (int i = 0; i < count; i++) {
      requireShort(contents.getBytesContents(i).size(), i);
      size += 4 + contents.getBytesContents(i).size();
    }
    if (size > Integer.MAX_VALUE - 8) {
      throw new Refusal("the strings take more than 2 GiB");
    }
    ByteBuffer data = Tensor.allocate((int) size);
    int at = 0;
    for (int i = 0; i < count; i++) {
      ByteString element = contents.getBytesContents(i);
      data.putInt(at, element.size());
      data.put(at + 4, element.toByteArray());
      at += 4 + element.size();
    }
    return data;
  }

  private ByteBuffer allocate(String field, int count, InferTensorContents contents)
      throws Refusal {
    requireCount(field, count, contents);
    return Tensor.allocate(count * datatype.width());
  }

  private void requireCount(String field, int count, InferTensorContents contents) throws Refusal {
    if (count != total(contents)) {
      throw new Refusal("%s goes into %s alone".formatted(datatype, field));
    }
    if (count != shape.elements()) {
      throw new Refusal(
          "%s has %d values, shape %s takes %d".formatted(field, count, shape, shape.elements()));
    }
  }

  /** All values of all fields. */
  static long total(InferTensorContents contents) {
    return (long) contents.getBoolContentsCount()
        + contents.getIntContentsCount()
        + contents.getInt64ContentsCount()
        + contents.getUintContentsCount()
        + contents.getUint64ContentsCount()
        + contents.getFp32ContentsCount()
        + contents.getFp64ContentsCount()
        + contents.getBytesContentsCount();
  }
}
