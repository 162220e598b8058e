package weir.drift;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import weir.inference.Datatype;

/** Counts the values of one signal; the counters belong to the caller. */
sealed interface SignalTally {
  /** Counts the value whose bytes start at {@code at}; of BYTES, at its length. */
  void count(ByteBuffer data, int at, long[] cells);

  /**
   * One search over at most nine edges, one counter.
   *
   * <p>The search adds the sign bits of edge − value, which is 1 where the value is above the edge:
   * without a branch, since a processor guesses every other branch of a search among deciles wrong.
   */
  final class OfNumbers implements SignalTally {
    private final Datatype datatype;
    private final double[] edges;
    private final double min;
    private final double max;
    private final int base;

    OfNumbers(Datatype datatype, Signal.Numeric signal, int base) {
      this.datatype = datatype;
      edges = signal.binning().edges();
      for (int i = 0; i < edges.length; i++) {
        edges[i] += 0.0; // of −0.0 and 0.0 makes 0.0, which is above neither
      }
      min = signal.min();
      max = signal.max();
      this.base = base;
    }

    @Override
    public void count(ByteBuffer data, int at, long[] cells) {
      double value =
          datatype == Datatype.FP32 ? data.getFloat(at) : Elements.number(datatype, data, at);
      if (Double.isNaN(value)) {
        add(cells, base + edges.length + 1);
        return;
      }
      int bin = 0;
      for (double edge : edges) {
        bin += (int) (Double.doubleToRawLongBits(edge - value) >>> 63);
      }
      add(cells, base + bin);
      if (value < min || value > max) {
        add(cells, base + edges.length + 2);
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
      case Signal.Numeric numeric -> new OfNumbers(datatype, numeric, base);
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
