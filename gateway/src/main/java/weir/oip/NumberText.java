package weir.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.NumberInput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import weir.inference.Datatype;

/** JSON numbers to the values of a datatype, read from the parser's buffer without copies. */
final class NumberText {
  /** More digits before the point than any 64-bit integer has. */
  private static final int TOO_MANY_DIGITS = 21;

  private static final int LONG_DIGITS = 18;

  private NumberText() {}

  static float fp32(JsonParser parser, Datatype datatype) throws IOException, Refusal {
    float value =
        NumberInput.parseFloat(
            parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength(), true);
    if (Float.isInfinite(value)) {
      throw beyond(datatype);
    }
    return value;
  }

  static double fp64(JsonParser parser) throws IOException, Refusal {
    double value =
        NumberInput.parseDouble(
            parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength(), true);
    if (Double.isInfinite(value)) {
      throw beyond(Datatype.FP64);
    }
    return value;
  }

  static short fp16(JsonParser parser) throws IOException, Refusal {
    String text = parser.getText();
    short bits = HalfFloats.fp16(fp32(parser, Datatype.FP16), () -> new BigDecimal(text));
    if ((bits & 0x7C00) == 0x7C00) {
      throw beyond(Datatype.FP16);
    }
    return bits;
  }

  static short bf16(JsonParser parser) throws IOException, Refusal {
    String text = parser.getText();
    short bits = HalfFloats.bf16(fp32(parser, Datatype.BF16), () -> new BigDecimal(text));
    if ((bits & 0x7F80) == 0x7F80) {
      throw beyond(Datatype.BF16);
    }
    return bits;
  }

  /** The integer's low 64 bits, once it is known to fit the datatype. */
  static long integer(JsonParser parser, JsonToken token, Datatype datatype)
      throws IOException, Refusal {
    if (token == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= LONG_DIGITS) {
      long value = parser.getLongValue();
      if (!fits(value, datatype)) {
        throw outside(datatype);
      }
      return value;
    }
    BigInteger value =
        token == JsonToken.VALUE_NUMBER_INT
            ? parser.getBigIntegerValue()
            : integral(parser.getText(), datatype);
    int bits = 8 * datatype.width();
    boolean fits =
        datatype.kind() == Datatype.Kind.UNSIGNED
            ? value.signum() >= 0 && value.bitLength() <= bits
            : value.bitLength() < bits;
    if (!fits) {
      throw outside(datatype);
    }
    return value.longValue();
  }

  static boolean fits(long value, Datatype datatype) {
    int bits = 8 * datatype.width();
    if (datatype.kind() == Datatype.Kind.UNSIGNED) {
      return value >= 0 && (bits == 64 || value >>> bits == 0);
    }
    long sign = value >> (bits - 1);
    return sign == 0 || sign == -1;
  }

  /** An integer written with a point or an exponent, as {@code 1.0} and {@code 2e3} are. */
  private static BigInteger integral(String text, Datatype datatype) throws Refusal {
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException _) {
      throw outside(datatype);
    }
    if (value.signum() == 0) {
      return BigInteger.ZERO;
    }
    if ((long) value.precision() - value.scale() > TOO_MANY_DIGITS) {
      throw outside(datatype);
    }
    if (value.stripTrailingZeros().scale() > 0) {
      throw new Refusal("expected an integer, got a fraction");
    }
    return value.toBigIntegerExact();
  }

  private static Refusal beyond(Datatype datatype) {
    return new Refusal("the number is beyond the range of " + datatype);
  }

  private static Refusal outside(Datatype datatype) {
    int bits = 8 * datatype.width();
    boolean unsigned = datatype.kind() == Datatype.Kind.UNSIGNED;
    BigInteger most = BigInteger.TWO.pow(unsigned ? bits : bits - 1).subtract(BigInteger.ONE);
    BigInteger least = unsigned ? BigInteger.ZERO : most.not();
    return new Refusal("%s takes integers from %s to %s".formatted(datatype, least, most));
  }
}
