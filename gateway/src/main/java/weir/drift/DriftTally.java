package weir.drift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.inference.ModelSignature;
import weir.inference.Tensor;
import weir.inference.TensorSpec;

/**
 * One variant's counters since it is watched.
 *
 * <p>Safe on any thread, exact, and free of locks and allocation: a thread adds to one of {@value
 * #STRIPES} arrays, chosen by its id. A reading while others add may hold a part of a request.
 */
final class DriftTally {
  private static final int STRIPES = 8;

  /** Spare longs at the end, so that the stripes share no cache line. */
  private static final int PADDING = 16;

  private final List<TensorTally> inputs;
  private final List<TensorTally> outputs;
  private final Map<String, TensorTally> inputsByName;
  private final Map<String, TensorTally> outputsByName;
  private final long[][] stripes;
  private final int slots;
  private final int rowsMax;

  /** Counters for the signals of a baseline that fits {@code signature}. */
  DriftTally(List<Signal> signals, Layout layout, ModelSignature signature, int rowsMax) {
    inputs = tallies(Place.Side.INPUT, signals, layout, signature.inputs());
    outputs = tallies(Place.Side.OUTPUT, signals, layout, signature.outputs());
    inputsByName = byName(inputs);
    outputsByName = byName(outputs);
    slots = layout.slots();
    stripes = new long[STRIPES][slots + PADDING];
    this.rowsMax = rowsMax;
  }

  private static List<TensorTally> tallies(
      Place.Side side, List<Signal> signals, Layout layout, List<TensorSpec> specs) {
    List<TensorTally> tallies = new ArrayList<>();
    for (TensorSpec spec : specs) {
      List<TensorTally.Watched> watched = new ArrayList<>();
      for (int i = 0; i < signals.size(); i++) {
        Place place = signals.get(i).place();
        if (place.side() == side && place.tensor().equals(spec.name())) {
          watched.add(
              new TensorTally.Watched(
                  place.element(),
                  SignalTally.of(signals.get(i), spec.datatype(), layout.base(i))));
        }
      }
      tallies.add(new TensorTally(spec, watched));
    }
    return tallies;
  }

  private static Map<String, TensorTally> byName(List<TensorTally> tallies) {
    Map<String, TensorTally> byName = new HashMap<>();
    tallies.forEach(tally -> byName.put(tally.name(), tally));
    return byName;
  }

  /** Counts an answered request. */
  void add(List<Tensor> requestInputs, List<Tensor> answerOutputs) {
    long[] cells = stripes[(int) Thread.currentThread().threadId() & STRIPES - 1];
    add(inputs, inputsByName, requestInputs, cells);
    add(outputs, outputsByName, answerOutputs, cells);
  }

  private void add(
      List<TensorTally> inOrder,
      Map<String, TensorTally> byName,
      List<Tensor> tensors,
      long[] cells) {
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      boolean inPlace = i < inOrder.size() && inOrder.get(i).name().equals(tensor.name());
      @Nullable TensorTally tally = inPlace ? inOrder.get(i) : byName.get(tensor.name());
      if (tally != null) {
        tally.count(tensor, rowsMax, cells);
      }
    }
  }

  /** All counts so far, laid out as {@link Layout} says. */
  long[] snapshot() {
    long[] sum = new long[slots];
    for (long[] stripe : stripes) {
      for (int i = 0; i < slots; i++) {
        sum[i] += (long) SignalTally.Cells.HANDLE.getOpaque(stripe, i);
      }
    }
    return sum;
  }
}
