package weir.routing;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.datasketches.hash.XxHash64;

/**
 * XXH64 of a unit's bytes, seeded with the XXH64 of the salt's; text is UTF-8.
 *
 * <p>Both are the published function, so any language reproduces an assignment. A change of the
 * function moves every user of every experiment: the tests hold golden values.
 */
final class UnitHash {
  private static final int UNUSED_BITS = 11;

  private UnitHash() {}

  static long seed(String salt) {
    byte[] bytes = salt.getBytes(StandardCharsets.UTF_8);
    return XxHash64.hashBytes(bytes, 0, bytes.length, 0);
  }

  static long of(long seed, String unit) {
    byte[] bytes = unit.getBytes(StandardCharsets.UTF_8);
    return XxHash64.hashBytes(bytes, 0, bytes.length, seed);
  }

  static long of(long seed, ByteBuffer data, int offset, int length) {
    return data.hasArray()
        ? XxHash64.hashBytes(data.array(), data.arrayOffset() + offset, length, seed)
        : XxHash64.hash(MemorySegment.ofBuffer(data), offset, length, seed);
  }

  static long of(long seed, long key) {
    return XxHash64.hash(key, seed);
  }

  /** The upper 53 bits as a number in [0, 1), exact in a double. */
  static double position(long hash) {
    return (hash >>> UNUSED_BITS) * 0x1p-53;
  }
}
