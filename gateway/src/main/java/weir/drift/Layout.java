package weir.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where each signal's counts lie in one flat array: its bins, then missing, then beyond (out of the
 * baseline's range, or unseen in it; such rows are in a bin too).
 */
final class Layout {
  private final int[] bases;
  private final int[] bins;
  private final int slots;

  Layout(List<Signal> signals) {
    bases = new int[signals.size()];
    bins = new int[signals.size()];
    int next = 0;
    for (int i = 0; i < bases.length; i++) {
      bases[i] = next;
      bins[i] = signals.get(i).counts().size();
      next += bins[i] + 2;
    }
    slots = next;
  }

  int slots() {
    return slots;
  }

  int base(int signal) {
    return bases[signal];
  }

  /** The part of a flat array that is one signal's. */
  WindowCounts counts(int signal, long[] flat) {
    int end = bases[signal] + bins[signal];
    List<Long> counts = new ArrayList<>();
    Arrays.stream(flat, bases[signal], end).forEach(counts::add);
    return new WindowCounts(counts, flat[end], flat[end + 1]);
  }
}
