package weir.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import weir.inference.Datatype;
import weir.inference.Tensor;

/** Elements of a datatype of fixed width, written straight into little-endian bytes. */
final class FixedWidthValues implements Values {
  private final Datatype datatype;
  private final int capacity;
  private final ByteBuffer data;

  FixedWidthValues(Datatype datatype, int capacity) {
    this.datatype = datatype;
    this.capacity = capacity;
    this.data = Tensor.allocate(capacity * datatype.width());
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public void put(JsonToken token, JsonText json, int index) throws IOException, Refusal {
    boolean number = token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT;
    boolean bool = token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE;
    if (datatype == Datatype.BOOL ? !bool : !number) {
      throw JsonText.expected(expectation(), token);
    }
    JsonParser parser = json.parser();
    switch (datatype) {
      case BOOL -> data.put(index, (byte) (token == JsonToken.VALUE_TRUE ? 1 : 0));
      case INT8, UINT8 -> data.put(index, (byte) NumberText.integer(parser, token, datatype));
      case INT16, UINT16 ->
          data.putShort(2 * index, (short) NumberText.integer(parser, token, datatype));
      case INT32, UINT32 ->
          data.putInt(4 * index, (int) NumberText.integer(parser, token, datatype));
      case INT64, UINT64 -> data.putLong(8 * index, NumberText.integer(parser, token, datatype));
      case FP16 -> data.putShort(2 * index, NumberText.fp16(parser));
      case BF16 -> data.putShort(2 * index, NumberText.bf16(parser));
      case FP32 -> data.putFloat(4 * index, NumberText.fp32(parser, datatype));
      case FP64 -> data.putDouble(8 * index, NumberText.fp64(parser));
      case BYTES -> throw new IllegalArgumentException("BYTES has no fixed width");
    }
  }

  @Override
  public boolean putRow(JsonText json, int first, int count) {
    return NumberRow.takes(datatype) && json.parser().row(datatype, data, first, count);
  }

  @Override
  public String expectation() {
    return switch (datatype.kind()) {
      case BOOLEAN -> "true or false";
      case SIGNED, UNSIGNED -> "an integer";
      case FLOATING -> "a number";
      case BYTES -> "a string";
    };
  }

  @Override
  public ByteBuffer data() {
    return data;
  }
}
