package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Elements of a BYTES input given as JSON strings: four bytes of length, then UTF-8. */
final class StringValues implements Values {
  private static final int LENGTH_BYTES = 4;
  private static final int MAX_BYTES_PER_CHAR = 3;
  private static final int FIRST_SIZE = 256;

  private final int capacity;
  private final long maxStringBytes;
  private ByteBuffer data = allocate(FIRST_SIZE);
  private int size;

  StringValues(int capacity, long maxStringBytes) {
    this.capacity = capacity;
    this.maxStringBytes = maxStringBytes;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public void put(JsonToken token, JsonText json, int index) throws IOException, Refusal {
    if (token != JsonToken.VALUE_STRING) {
      throw JsonText.expected(expectation(), token);
    }
    int chars = json.parser().getTextLength();
    if (chars <= maxStringBytes) {
      reserve(LENGTH_BYTES + (long) MAX_BYTES_PER_CHAR * chars);
      int end = encode(json.parser().getTextCharacters(), json.parser().getTextOffset(), chars);
      int length = end - size - LENGTH_BYTES;
      if (length <= maxStringBytes) {
        data.putInt(size, length);
        size = end;
        return;
      }
    }
    throw new Refusal("the string is longer than " + maxStringBytes + " bytes");
  }

  private void reserve(long bytes) throws Refusal {
    long needed = size + bytes;
    if (needed > Integer.MAX_VALUE - 8) {
      throw new Refusal("the strings take more than 2 GiB");
    }
    if (needed > data.capacity()) {
      int grown = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * data.capacity()));
      data = ByteBuffer.wrap(Arrays.copyOf(data.array(), grown)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** Encodes behind the place of the length and returns the index after the last byte. */
  private int encode(char[] chars, int from, int count) throws Refusal {
    int at = size + LENGTH_BYTES;
    for (int i = from; i < from + count; i++) {
      int c = chars[i];
      if (c < 0x80) {
        data.put(at++, (byte) c);
      } else if (c < 0x800) {
        data.put(at++, (byte) (0xC0 | (c >> 6))).put(at++, continuation(c));
      } else if (!Character.isSurrogate((char) c)) {
        data.put(at++, (byte) (0xE0 | (c >> 12)));
        data.put(at++, continuation(c >> 6)).put(at++, continuation(c));
      } else if (i + 1 < from + count && Character.isSurrogatePair(chars[i], chars[i + 1])) {
        int point = Character.toCodePoint(chars[i], chars[++i]);
        data.put(at++, (byte) (0xF0 | (point >> 18))).put(at++, continuation(point >> 12));
        data.put(at++, continuation(point >> 6)).put(at++, continuation(point));
      } else {
        throw new Refusal("the string has half of a surrogate pair");
      }
    }
    return at;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }

  @Override
  public boolean putRow(JsonText json, int first, int count) {
    return false;
  }

  @Override
  public String expectation() {
    return "a string";
  }

  @Override
  public ByteBuffer data() {
    return ByteBuffer.wrap(data.array(), 0, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
