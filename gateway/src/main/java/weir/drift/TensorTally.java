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
  private final int[] elements;
  private final SignalTally[] tallies;

  TensorTally(TensorSpec spec, List<Watched> watched) {
    List<Watched> sorted =
        watched.stream().sorted(Comparator.comparingInt(Watched::element)).toList();
    name = spec.name();
    datatype = spec.datatype();
    width = Math.max(1, BaselineFit.width(spec));
    elements = sorted.stream().mapToInt(Watched::element).toArray();
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
    int rows = tensor.elements() / width;
    int taken = Math.min(rows, rowsMax);
    if (datatype == Datatype.BYTES) {
      countTexts(tensor.data(), rows, taken, cells);
      return;
    }
    ByteBuffer data = tensor.data();
    for (int i = 0; i < taken; i++) {
      int row = row(i, rows, taken);
      for (int s = 0; s < tallies.length; s++) {
        tallies[s].count(data, (row * width + elements[s]) * datatype.width(), cells);
      }
    }
  }

  private static int row(int index, int rows, int taken) {
    return (int) ((long) index * rows / taken);
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
