package weir.oip;

import java.math.BigDecimal;

/**
 * Decimal text to the two 16-bit float formats, rounded once: to nearest, ties to even.
 *
 * <p>The text is first rounded to FP32. That can be wrong only when the FP32 value lies exactly
 * between two 16-bit values; then the exact decimal decides which way it is nudged.
 */
final class HalfFloats {
  private static final float FP16_MIN_NORMAL = 0x1p-14f;
  private static final float FP16_HALF_STEPS = 0x1p25f;

  private HalfFloats() {}

  /** The bits of the FP16 nearest to {@code exact}, whose nearest FP32 is {@code rounded}. */
  static short fp16(float rounded, ExactDecimal exact) {
    return Float.floatToFloat16(betweenFp16(rounded) ? nudged(rounded, exact) : rounded);
  }

  /** The bits of the BF16 nearest to {@code exact}, whose nearest FP32 is {@code rounded}. */
  static short bf16(float rounded, ExactDecimal exact) {
    boolean between = (Float.floatToRawIntBits(rounded) & 0xFFFF) == 0x8000;
    int bits = Float.floatToRawIntBits(between ? nudged(rounded, exact) : rounded);
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  private static boolean betweenFp16(float value) {
    if (Math.abs(value) >= FP16_MIN_NORMAL) {
      return (Float.floatToRawIntBits(value) & 0x1FFF) == 0x1000;
    }
    float halfSteps = Math.abs(value) * FP16_HALF_STEPS;
    return halfSteps == (int) halfSteps && ((int) halfSteps & 1) == 1;
  }

  private static float nudged(float rounded, ExactDecimal exact) {
    int order = exact.value().compareTo(new BigDecimal(rounded));
    return order == 0 ? rounded : order > 0 ? Math.nextUp(rounded) : Math.nextDown(rounded);
  }

  /** The number as it was written. */
  @FunctionalInterface
  interface ExactDecimal {
    BigDecimal value();
  }
}
