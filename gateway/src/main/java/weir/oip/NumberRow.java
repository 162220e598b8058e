package weir.oip;

import java.nio.ByteBuffer;
import weir.inference.Datatype;

/**
 * The numbers of one JSON array, read from its bytes straight into a tensor's.
 *
 * <p>Jackson copies each number's text before it converts that, which takes most of the time of a
 * request's decoding. Only what is plain is read here: numbers of at most 18 digits, separated by a
 * comma and spaces, whose value in the datatype is certain. All else, and everything that is wrong,
 * is left to Jackson, which then reads the array from its start, so that there is one voice for
 * refusals.
 *
 * <p>A decimal w·10ᵉ with w below 10¹⁸ and |e| ≤ 22 takes two roundings to become a double, which
 * is off by two units of its last place at most. It rounds to the same float as the decimal does
 * unless a float's midpoint is that near (compare Clinger, How to read floating point numbers
 * accurately, 1990).
 */
final class NumberRow {
  private static final int DIGITS_MAX = 18;
  private static final int EXPONENT_DIGITS_MAX = 4;
  private static final long EXACT_MAX = 1L << 53;
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** The bits of a double's fraction that a float's has not, the midpoint and what is too near. */
  private static final long BEYOND_FLOAT = (1L << 29) - 1;

  private static final long MIDPOINT = 1L << 28;
  private static final long TOO_NEAR = 3;

  private final byte[] json;
  private final int end;
  private int at;

  private boolean negative;
  private boolean whole;
  private long digits;
  private int exponent;

  NumberRow(byte[] json, int from, int end) {
    this.json = json;
    this.at = from;
    this.end = end;
  }

  /** Whether numbers of this datatype are read here. */
  static boolean takes(Datatype datatype) {
    return switch (datatype) {
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FP32, FP64 -> true;
      case BOOL, FP16, BF16, BYTES -> false;
    };
  }

  /**
   * Puts exactly {@code count} numbers, from element {@code first} on, and returns where the
   * bracket behind them is; or −1 when they are not plain, and some may have been put.
   */
  int read(Datatype datatype, ByteBuffer data, int first, int count) {
    for (int i = first; i < first + count; i++) {
      skipSpaces();
      if (!number() || !put(datatype, data, i)) {
        return -1;
      }
      skipSpaces();
      boolean last = i == first + count - 1;
      if (at == end || json[at] != (last ? ']' : ',')) {
        return -1;
      }
      at++;
    }
    return at - 1;
  }

  private void skipSpaces() {
    while (at < end && json[at] == ' ') {
      at++;
    }
  }

  /** Takes one number of JSON's grammar apart. */
  private boolean number() {
    negative = at < end && json[at] == '-';
    int from = negative ? at + 1 : at;
    digits = 0;
    at = digits(from);
    int count = at - from;
    if (count == 0 || (count > 1 && json[from] == '0')) {
      return false;
    }
    whole = true;
    exponent = 0;
    if (at < end && json[at] == '.') {
      int point = at + 1;
      at = digits(point);
      exponent = point - at;
      count -= exponent;
      whole = false;
      if (exponent == 0) {
        return false;
      }
    }
    return count <= DIGITS_MAX && (at == end || (json[at] | 0x20) != 'e' || exponent());
  }

  /** Appends digits to the number; where they end. */
  private int digits(int from) {
    long sum = digits;
    int i = from;
    for (; i < end; i++) {
      int digit = json[i] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      sum = 10 * sum + digit;
    }
    digits = sum;
    return i;
  }

  private boolean exponent() {
    whole = false;
    at++;
    boolean minus = at < end && json[at] == '-';
    if (minus || (at < end && json[at] == '+')) {
      at++;
    }
    int from = at;
    int value = 0;
    for (;
        at < end && json[at] >= '0' && json[at] <= '9' && at - from < EXPONENT_DIGITS_MAX;
        at++) {
      value = 10 * value + json[at] - '0';
    }
    exponent += minus ? -value : value;
    return at > from;
  }

  private boolean put(Datatype datatype, ByteBuffer data, int index) {
    return switch (datatype) {
      case FP32 -> putFloat(data, index);
      case FP64 -> putDouble(data, index);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
          whole && putInteger(datatype, data, index);
      case BOOL, FP16, BF16, BYTES -> false;
    };
  }

  private boolean putInteger(Datatype datatype, ByteBuffer data, int index) {
    long value = negative ? -digits : digits;
    if (!NumberText.fits(value, datatype)) {
      return false;
    }
    switch (datatype.width()) {
      case 1 -> data.put(index, (byte) value);
      case 2 -> data.putShort(2 * index, (short) value);
      case 4 -> data.putInt(4 * index, (int) value);
      default -> data.putLong(8 * index, value);
    }
    return true;
  }

  private boolean putDouble(ByteBuffer data, int index) {
    if (digits > EXACT_MAX || !scalable()) {
      return false;
    }
    data.putDouble(8 * index, scaled());
    return true;
  }

  private boolean putFloat(ByteBuffer data, int index) {
    if (!scalable()) {
      return false;
    }
    double value = scaled();
    long beyond = Double.doubleToRawLongBits(value) & BEYOND_FLOAT;
    boolean exact = digits <= EXACT_MAX && exponent == 0;
    boolean certain = exact || Math.abs(beyond - MIDPOINT) > TOO_NEAR;
    if (!certain || Math.abs(value) > Float.MAX_VALUE) {
      return false;
    }
    data.putFloat(4 * index, (float) value);
    return true;
  }

  private boolean scalable() {
    return digits == 0 || Math.abs(exponent) < POWERS.length;
  }

  /** Rounded once when the digits are exact in a double, else twice. */
  private double scaled() {
    double value = digits;
    if (digits != 0 && exponent < 0) {
      value /= POWERS[-exponent];
    } else if (digits != 0) {
      value *= POWERS[exponent];
    }
    return negative ? -value : value;
  }
}
