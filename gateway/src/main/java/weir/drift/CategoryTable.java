package weir.drift;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import weir.inference.Datatype;

/**
 * Finds the bin of a category in a tensor's bytes without making a string of it.
 *
 * <p>Open addressing over multiplied hashes at a load of at most one half; a hit is verified by its
 * bytes. A value longer than the longest known one is not hashed at all, so a lookup is bounded.
 * Immutable.
 */
final class CategoryTable {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final ByteBuffer[] keys;
  private final long[] wholes;
  private final int[] bins;
  private final int mask;
  private final int other;
  private final int lengthMax;

  CategoryTable(List<Signal.Value> values, Datatype datatype) {
    int size = Integer.highestOneBit(Math.max(2, values.size()) * 2 - 1) * 2;
    keys = new ByteBuffer[size];
    Arrays.fill(keys, EMPTY);
    wholes = new long[size];
    bins = new int[size];
    mask = size - 1;
    other = values.size();
    int longest = 0;
    for (int bin = 0; bin < values.size(); bin++) {
      String text = values.get(bin).text();
      ByteBuffer key =
          ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).order(ByteOrder.LITTLE_ENDIAN);
      long whole = datatype == Datatype.BYTES ? hash(key, 0, key.limit()) : whole(text);
      int slot = slot(datatype == Datatype.BYTES ? whole : mix(whole));
      while (keys[slot].limit() > 0) {
        slot = slot + 1 & mask;
      }
      keys[slot] = key;
      wholes[slot] = whole;
      bins[slot] = bin;
      longest = Math.max(longest, key.limit());
    }
    lengthMax = longest;
  }

  private static long whole(String text) {
    return switch (text) {
      case "true" -> 1;
      case "false" -> 0;
      default -> Long.parseLong(text);
    };
  }

  /** The bin of the text in {@code length} bytes from {@code at}. */
  int bin(ByteBuffer data, int at, int length) {
    if (length > lengthMax) {
      return other;
    }
    long hash = hash(data, at, length);
    for (int slot = slot(hash); keys[slot].limit() > 0; slot = slot + 1 & mask) {
      if (wholes[slot] == hash && same(keys[slot], data, at, length)) {
        return bins[slot];
      }
    }
    return other;
  }

  /** The bin of an integer or truth value. */
  int bin(long whole) {
    for (int slot = slot(mix(whole)); keys[slot].limit() > 0; slot = slot + 1 & mask) {
      if (wholes[slot] == whole) {
        return bins[slot];
      }
    }
    return other;
  }

  private int slot(long hash) {
    return (int) hash & mask;
  }

  /** Eight bytes a step. */
  private static long hash(ByteBuffer data, int at, int length) {
    long hash = length;
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      hash = mix(hash ^ data.getLong(at + i));
    }
    for (; i < length; i++) {
      hash = mix(hash ^ data.get(at + i));
    }
    return hash;
  }

  private static long mix(long whole) {
    long product = whole * 0x9e3779b97f4a7c15L;
    return product ^ product >>> 32;
  }

  private static boolean same(ByteBuffer key, ByteBuffer data, int at, int length) {
    if (key.limit() != length) {
      return false;
    }
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      if (key.getLong(i) != data.getLong(at + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (key.get(i) != data.get(at + i)) {
        return false;
      }
    }
    return true;
  }
}
