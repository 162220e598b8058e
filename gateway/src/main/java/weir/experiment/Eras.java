package weir.experiment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The eras of one rollout, and which of them a plan generation belongs to.
 *
 * <p>The last 256 generations are known, so that a late answer or outcome finds the shares it was
 * assigned with; an older one is no evidence. Of more than 64 eras the oldest ones keep only their
 * evidence of a mismatch. Not thread-safe.
 */
final class Eras {
  private static final int GENERATIONS_MAX = 256;
  private static final int ERAS_MAX = 64;

  private final int checks;
  private final Deque<Era> eras = new ArrayDeque<>();
  private final Deque<Long> order = new ArrayDeque<>();
  private final Map<Long, Era> byGeneration = new HashMap<>();
  private double retiredMismatch;
  private @Nullable Era current;
  private long generation;

  Eras(int checks) {
    this.checks = checks;
  }

  /** From {@code generation} on, the share is {@code rho}. */
  void begin(int step, long generation, double rho) {
    if (current == null || current.step() != step || current.rho() != rho) {
      current = new Era(step, rho, checks);
      eras.addLast(current);
      if (eras.size() > ERAS_MAX) {
        Era oldest = eras.removeFirst();
        retiredMismatch += oldest.logMismatch();
        byGeneration.values().removeIf(era -> era.equals(oldest));
        order.removeIf(known -> !byGeneration.containsKey(known));
      }
    }
    know(generation, current);
  }

  private void know(long generation, Era era) {
    this.generation = generation;
    if (byGeneration.put(generation, era) == null) {
      order.addLast(generation);
    }
    if (order.size() > GENERATIONS_MAX) {
      byGeneration.remove(order.removeFirst());
    }
  }

  /** The era of a generation; null when that is unknown. */
  @Nullable Era of(long generation) {
    return generation == this.generation ? current : byGeneration.get(generation);
  }

  /** The era of the latest generation; null before the first step. */
  @Nullable Era current() {
    return current;
  }

  List<Era> all() {
    return List.copyOf(eras);
  }

  double logMismatch() {
    double sum = retiredMismatch;
    for (Era era : eras) {
      sum += era.logMismatch();
    }
    return sum;
  }

  void write(DataOutput out) throws IOException {
    out.writeDouble(retiredMismatch);
    List<Era> all = new ArrayList<>(eras);
    out.writeInt(all.size());
    for (Era era : all) {
      era.write(out);
    }
    out.writeInt(order.size());
    for (long known : order) {
      out.writeLong(known);
      out.writeInt(all.indexOf(byGeneration.get(known)));
    }
  }

  void read(DataInput in) throws IOException {
    retiredMismatch = in.readDouble();
    List<Era> all = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      all.add(Era.read(in, checks));
    }
    eras.addAll(all);
    current = all.isEmpty() ? null : all.getLast();
    int generations = in.readInt();
    for (int i = 0; i < generations; i++) {
      long known = in.readLong();
      know(known, all.get(in.readInt()));
    }
  }
}
