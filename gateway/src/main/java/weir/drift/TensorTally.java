package weir.drift;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import weir.inference.Datatype;
import weir.inference.Tensor;
import weir.inference.TensorSpec;

/** Counts the watched elements of one tensor. */
final class TensorTally {
  /** A signal and its element in a row. */
  record Watched(int element, SignalTally tally) {}

  private final String name;
  private final Datatype datatype;
  private final int width;
  private final int rowBytes;
  private final int[] elements;
  private final int[] offsets;
  private final SignalTally[] tallies;

  TensorTally(TensorSpec spec, List<Watched> watched) {
    List<Watched> sorted =
        watched.stream().sorted(Comparator.comparingInt(Watched::element)).toList();
    name = spec.name();
    datatype = spec.datatype();
    width = Math.max(1, BaselineFit.width(spec));
    elements = sorted.stream().mapToInt(Watched::element).toArray();
    rowBytes = width * datatype.width();
    offsets = sorted.stream().mapToInt(each -> each.element() * datatype.width()).toArray();
    tallies = sorted.stream().map(Watched::tally).toArray(SignalTally[]::new);
  }

  String name() {
    return name;
  }

  /** Counts at most {@code rowsMax} of the tensor's rows, evenly spaced. */
  void count(Tensor tensor, int rowsMax, long[] cells) {
    if (tensor.datatype() != datatype || tallies.length == 0) {
      return;
    }
    ByteBuffer data = tensor.data();
    if (datatype == Datatype.BYTES) {
      int rows = textRows(tensor, data);
      countTexts(data, rows, Math.min(rows, rowsMax), cells);
    } else {
      int rows = data.limit() == rowBytes ? 1 : data.limit() / rowBytes;
      countValues(data, rows, Math.min(rows, rowsMax), cells);
    }
  }

  private void countValues(ByteBuffer data, int rows, int taken, long[] cells) {
    for (int i = 0; i < taken; i++) {
      int start = row(i, rows, taken) * rowBytes;
      for (int s = 0; s < tallies.length; s++) {
        tallies[s].count(data, start + offsets[s], cells);
      }
    }
  }

  /** Most requests are one row of one text: that is seen without the shape's divisions. */
  private int textRows(Tensor tensor, ByteBuffer data) {
    boolean one =
        width == 1
            && data.limit() >= Integer.BYTES
            && data.limit() == Integer.BYTES + data.getInt(0);
    return one ? 1 : tensor.elements() / width;
  }

  private static int row(int index, int rows, int taken) {
    return taken == rows ? index : (int) ((long) index * rows / taken);
  }

  /** Walks from text to text, since each tells where the next one starts. */
  private void countTexts(ByteBuffer data, int rows, int taken, long[] cells) {
    int at = 0;
    int element = 0;
    for (int i = 0; i < taken; i++) {
      int row = row(i, rows, taken);
      for (int s = 0; s < tallies.length; s++) {
        for (int wanted = row * width + elements[s]; element < wanted; element++) {
          at += Integer.BYTES + data.getInt(at);
        }
        tallies[s].count(data, at, cells);
      }
    }
  }
}
