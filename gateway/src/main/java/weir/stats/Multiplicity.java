package weir.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Rejections when several metrics are tested at once. */
public final class Multiplicity {
  private Multiplicity() {}

  /**
   * Which of the p-values are rejected with a family-wise error of at most {@code alpha}, whatever
   * their dependence.
   *
   * <p>Source: Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979. Valid at any
   * time for {@link AlwaysValidP}.
   */
  public static boolean[] holm(double[] pValues, double alpha) {
    Level.inside("alpha", alpha);
    int[] order = ascending(pValues);
    boolean[] rejected = new boolean[pValues.length];
    for (int i = 0; i < order.length; i++) {
      if (pValues[order[i]] > alpha / (order.length - i)) {
        break;
      }
      rejected[order[i]] = true;
    }
    return rejected;
  }

  /**
   * Which of the ln e-values are rejected with a false discovery rate of at most {@code alpha},
   * whatever their dependence: the k largest, for the largest k whose k-th E is at least m/(k·α).
   *
   * <p>Source: Wang, Ramdas, False Discovery Rate Control with E-values (e-BH), JRSS B 2022.
   */
  public static boolean[] eBenjaminiHochberg(double[] logEvidence, double alpha) {
    double threshold = Level.threshold(alpha);
    int[] order = ascending(logEvidence);
    int size = order.length;
    boolean[] rejected = new boolean[size];
    for (int k = size; k >= 1; k--) {
      if (logEvidence[order[size - k]] >= threshold + Math.log((double) size / k)) {
        for (int i = size - k; i < size; i++) {
          rejected[order[i]] = true;
        }
        break;
      }
    }
    return rejected;
  }

  private static int[] ascending(double[] values) {
    if (Arrays.stream(values).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("a p-value or e-value is a number, not NaN");
    }
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> values[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
