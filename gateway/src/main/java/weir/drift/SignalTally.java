package weir.drift;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import weir.inference.Datatype;
import weir.stats.Binning;

/** Counts the values of one signal; the counters belong to the caller. */
sealed interface SignalTally {
  /** Counts the value whose bytes start at {@code at}; of BYTES, at its length. */
  void count(ByteBuffer data, int at, long[] cells);

  /** One search over at most nine edges, one counter. */
  record OfNumbers(Datatype datatype, Binning binning, double min, double max, int base)
      implements SignalTally {
    @Override
    public void count(ByteBuffer data, int at, long[] cells) {
      double value = Elements.number(datatype, data, at);
      int bin = binning.bin(value);
      if (bin == Binning.MISSING) {
        add(cells, base + binning.bins());
        return;
      }
      add(cells, base + bin);
      if (value < min || value > max) {
        add(cells, base + binning.bins() + 1);
      }
    }
  }

  /** One hash of at most 256 bytes, one counter. */
  record OfTexts(CategoryTable table, int bins, boolean closed, int base) implements SignalTally {
    @Override
    public void count(ByteBuffer data, int at, long[] cells) {
      int length = data.getInt(at);
      if (length == 0) {
        add(cells, base + bins);
      } else {
        countCategory(table.bin(data, at + Integer.BYTES, length), bins, closed, base, cells);
      }
    }
  }

  /** The same of integers and truth values. */
  record OfWholes(Datatype datatype, CategoryTable table, int bins, boolean closed, int base)
      implements SignalTally {
    @Override
    public void count(ByteBuffer data, int at, long[] cells) {
      countCategory(table.bin(Elements.whole(datatype, data, at)), bins, closed, base, cells);
    }
  }

  static SignalTally of(Signal signal, Datatype datatype, int base) {
    return switch (signal) {
      case Signal.Numeric numeric ->
          new OfNumbers(datatype, numeric.binning(), numeric.min(), numeric.max(), base);
      case Signal.Categorical categorical -> {
        CategoryTable table = new CategoryTable(categorical.values(), datatype);
        int bins = categorical.values().size() + 1;
        yield datatype == Datatype.BYTES
            ? new OfTexts(table, bins, categorical.closed(), base)
            : new OfWholes(datatype, table, bins, categorical.closed(), base);
      }
    };
  }

  private static void countCategory(int bin, int bins, boolean closed, int base, long[] cells) {
    add(cells, base + bin);
    if (closed && bin == bins - 1) {
      add(cells, base + bins + 1);
    }
  }

  private static void add(long[] cells, int index) {
    Cells.HANDLE.getAndAdd(cells, index, 1L);
  }

  /** Atomic access to plain arrays, so that a stripe is one array. */
  final class Cells {
    static final VarHandle HANDLE = MethodHandles.arrayElementVarHandle(long[].class);

    private Cells() {}
  }
}
