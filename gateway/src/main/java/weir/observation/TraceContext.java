package weir.observation;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import weir.inference.Headers;

/**
 * The W3C trace context of a request whose trace is not sampled.
 *
 * <p>{@code traceparent} is a valid header value; {@code tracestate} is empty when there is none.
 */
record TraceContext(String traceparent, String tracestate) {
  static final String TRACEPARENT = "traceparent";
  static final String TRACESTATE = "tracestate";

  /** Stands for a request that brought no valid context. */
  static final TraceContext ABSENT = new TraceContext("", "");

  /** Version, trace id, parent id, flags and the three dashes between. */
  private static final int LENGTH = 55;

  private static final int TRACE_ID = 3;
  private static final int PARENT_ID = 36;
  private static final int FLAGS = 53;
  private static final String DIGITS = "0123456789abcdef";

  /** The characters of {@link #DIGITS} as bits: of 0 to 63, and of 64 to 127. */
  private static final long LOW = 0x03ffL << '0';

  private static final long HIGH = 0x3fL << ('a' - Long.SIZE);
  private static final int TRACESTATE_MAX = 512;
  private static final int SAMPLED = 1;
  private static final String ZEROS = "0".repeat(16);
  private static final String FRESH = "00-" + ZEROS + ZEROS + "-" + ZEROS + "-00";

  /** The context that came with {@code headers}, or {@link #ABSENT}. */
  static TraceContext of(Headers headers) {
    String traceparent = headers.first(TRACEPARENT);
    if (!valid(traceparent)) {
      return ABSENT;
    }
    String tracestate = headers.first(TRACESTATE);
    return new TraceContext(traceparent, tracestate.length() > TRACESTATE_MAX ? "" : tracestate);
  }

  /** A fresh context that tells others not to sample. */
  static TraceContext fresh(RandomGenerator random) {
    byte[] value = FRESH.getBytes(StandardCharsets.ISO_8859_1);
    writeHex(random.nextLong(), value, TRACE_ID);
    writeHex(nonZero(random), value, TRACE_ID + 16);
    writeHex(nonZero(random), value, PARENT_ID);
    return new TraceContext(new String(value, StandardCharsets.ISO_8859_1), "");
  }

  boolean present() {
    return !traceparent.isEmpty();
  }

  /** Whether the caller samples this trace. */
  boolean sampled() {
    return present() && (Character.digit(traceparent.charAt(FLAGS + 1), 16) & SAMPLED) != 0;
  }

  private static boolean valid(String value) {
    if (value.length() < LENGTH) {
      return false;
    }
    boolean knownVersion = value.startsWith("00");
    return (knownVersion ? value.length() == LENGTH : later(value))
        && value.charAt(TRACE_ID - 1) == '-'
        && value.charAt(PARENT_ID - 1) == '-'
        && value.charAt(FLAGS - 1) == '-'
        && hex(value, TRACE_ID, PARENT_ID - 1)
        && hex(value, PARENT_ID, FLAGS - 1)
        && hex(value, FLAGS, LENGTH)
        && !(value.startsWith(ZEROS, TRACE_ID) && value.startsWith(ZEROS, TRACE_ID + 16))
        && !value.startsWith(ZEROS, PARENT_ID);
  }

  /** Whether {@code value} may be of a later version, which may have more fields. */
  private static boolean later(String value) {
    return hex(value, 0, 2)
        && !value.startsWith("ff")
        && (value.length() == LENGTH || value.charAt(LENGTH) == '-');
  }

  private static boolean hex(String value, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      if (c >= Long.SIZE * 2 || ((c < Long.SIZE ? LOW : HIGH) >>> c & 1) == 0) {
        return false;
      }
    }
    return true;
  }

  private static void writeHex(long bits, byte[] into, int from) {
    for (int i = 0; i < 16; i++) {
      into[from + i] = (byte) DIGITS.charAt((int) (bits >>> (60 - 4 * i)) & 0xF);
    }
  }

  private static long nonZero(RandomGenerator random) {
    long bits = random.nextLong();
    return bits == 0 ? 1 : bits;
  }
}
