package weir.drift;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import weir.inference.Datatype;

/**
 * Finds the bin of a category in a tensor's bytes without making a string of it.
 *
 * <p>Open addressing over multiplied hashes at a load of at most one half; a hit is verified by its
 * bytes, which lie one after another in one buffer. A value longer than the longest known one is
 * not hashed at all, so a lookup is bounded. Immutable.
 */
final class CategoryTable {
  private final ByteBuffer texts;
  private final int[] starts;
  private final int[] lengths;
  private final long[] wholes;
  private final int[] bins;
  private final int mask;
  private final int other;
  private final int lengthMax;

  CategoryTable(List<Signal.Value> values, Datatype datatype) {
    int size = Integer.highestOneBit(Math.max(2, values.size()) * 2 - 1) * 2;
    List<byte[]> encoded =
        values.stream().map(value -> value.text().getBytes(StandardCharsets.UTF_8)).toList();
    texts =
        ByteBuffer.allocate(encoded.stream().mapToInt(bytes -> bytes.length).sum())
            .order(ByteOrder.LITTLE_ENDIAN);
    starts = new int[size];
    lengths = new int[size];
    wholes = new long[size];
    bins = new int[size];
    mask = size - 1;
    other = values.size();
    int start = 0;
    int longest = 0;
    for (int bin = 0; bin < values.size(); bin++) {
      int length = encoded.get(bin).length;
      texts.put(start, encoded.get(bin));
      boolean text = datatype == Datatype.BYTES;
      long whole = text ? hash(texts, start, length) : whole(values.get(bin).text());
      int slot = slot(text ? whole : mix(whole));
      while (lengths[slot] > 0) {
        slot = slot + 1 & mask;
      }
      starts[slot] = start;
      lengths[slot] = length;
      wholes[slot] = whole;
      bins[slot] = bin;
      start += length;
      longest = Math.max(longest, length);
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
    for (int slot = slot(hash); lengths[slot] > 0; slot = slot + 1 & mask) {
      if (wholes[slot] == hash && lengths[slot] == length && same(starts[slot], data, at, length)) {
        return bins[slot];
      }
    }
    return other;
  }

  /** The bin of an integer or truth value. */
  int bin(long whole) {
    for (int slot = slot(mix(whole)); lengths[slot] > 0; slot = slot + 1 & mask) {
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

  private boolean same(int start, ByteBuffer data, int at, int length) {
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      if (texts.getLong(start + i) != data.getLong(at + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (texts.get(start + i) != data.get(at + i)) {
        return false;
      }
    }
    return true;
  }
}
