package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rounding held against exact arithmetic. */
class HalfFloatsTest {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  @Test
  void fp16_aroundMidpoints_isTheNearestEvenOnTies() {
    for (int bits = 0; bits < 0x7BFF; bits += 5) {
      checkMidpoint(bits, Float.float16ToFloat((short) bits), fp16Value(bits + 1), true);
    }
  }

  @Test
  void bf16_aroundMidpoints_isTheNearestEvenOnTies() {
    for (int bits = 0; bits < 0x7F7F; bits += 7) {
      checkMidpoint(bits, value(bits), value(bits + 1), false);
    }
  }

  private static float fp16Value(int bits) {
    return Float.float16ToFloat((short) bits);
  }

  private static float value(int bits) {
    return HalfFloats.fromBf16((short) bits);
  }

  private static void checkMidpoint(int bits, float low, float high, boolean fp16) {
    BigDecimal middle = new BigDecimal(low).add(new BigDecimal(high)).divide(TWO);
    BigDecimal little = middle.ulp().movePointLeft(30);

    int even = (bits & 1) == 0 ? bits : bits + 1;
    assertThat(rounded(middle, fp16)).isEqualTo((short) even);
    assertThat(rounded(middle.subtract(little), fp16)).isEqualTo((short) bits);
    assertThat(rounded(middle.add(little), fp16)).isEqualTo((short) (bits + 1));
    assertThat(rounded(middle.add(little).negate(), fp16)).isEqualTo((short) (0x8000 | bits + 1));
  }

  private static short rounded(BigDecimal exact, boolean fp16) {
    float nearest = Float.parseFloat(exact.toString());
    return fp16 ? HalfFloats.fp16(nearest, () -> exact) : HalfFloats.bf16(nearest, () -> exact);
  }

  @Test
  void decode_randomDecimals_areRoundedAsTheJdkDoes() {
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      String text =
          new BigDecimal(new BigInteger(1 + random.nextInt(90), random), random.nextInt(60) - 5)
              .toString();
      String json = Requests.request("FP32", "[1]", "[" + text + "]");
      float value = Requests.valid(json).inputs().getFirst().data().getFloat(0);
      assertThat(value).isEqualTo(Float.parseFloat(text));

      String wide = Requests.request("FP64", "[1]", "[" + text + "]");
      double wideValue = Requests.valid(wide).inputs().getFirst().data().getDouble(0);
      assertThat(wideValue).isEqualTo(Double.parseDouble(text));
    }
  }
}
