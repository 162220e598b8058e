package weir.experiment;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which era a plan generation belongs to; the same on every replica that was told the same steps.
 *
 * <p>The last 1,024 generations are known, so that a late answer or outcome finds the shares it was
 * assigned with; an older one is no evidence. Not thread-safe.
 */
final class Eras {
  private static final int GENERATIONS_MAX = 1_024;

  private final Function<Era.Id, Era> tallies;
  private final Deque<Long> order = new ArrayDeque<>();
  private final Map<Long, Era> byGeneration = new HashMap<>();
  private @Nullable Era current;
  private long generation;

  /** Eras whose tallies are those that {@code tallies} gives. */
  Eras(Function<Era.Id, Era> tallies) {
    this.tallies = tallies;
  }

  /** From {@code generation} on, the share is {@code rho}. */
  void begin(int step, long generation, double rho) {
    if (current == null || current.step() != step || current.rho() != rho) {
      current = tallies.apply(new Era.Id(generation, step, rho));
    }
    this.generation = generation;
    if (byGeneration.put(generation, current) == null) {
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
}
