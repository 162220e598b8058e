package weir.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The Mann–Whitney U of the first sample with its two-sided p-value, for one look.
 *
 * <p>Midranks for ties, tie-corrected variance, continuity correction, normal approximation: from
 * about 8 values per side on. Source: Mann, Whitney, 1947; Lehmann, Nonparametrics, 1975.
 */
public record MannWhitney(double u, double p) {
  /** Compares two samples without NaN; sorts both together. */
  public static MannWhitney of(double[] first, double[] second) {
    int size = first.length + second.length;
    double[] all = Arrays.copyOf(first, size);
    System.arraycopy(second, 0, all, first.length, second.length);
    if (first.length == 0 || second.length == 0 || Arrays.stream(all).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("each sample has at least one value and none is NaN");
    }
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> all[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double rankSum = 0;
    double ties = 0;
    for (int start = 0; start < size; ) {
      int end = start + 1;
      while (end < size && all[order[end]] == all[order[start]]) {
        end++;
      }
      double tied = end - start;
      ties += tied * tied * tied - tied;
      for (int i = start; i < end; i++) {
        rankSum += order[i] < first.length ? (start + end + 1) / 2.0 : 0;
      }
      start = end;
    }
    double u = rankSum - first.length * (first.length + 1.0) / 2;
    return new MannWhitney(u, p(u, first.length, second.length, ties));
  }

  private static double p(double u, double m, double n, double ties) {
    double size = m + n;
    double variance = m * n / 12 * (size + 1 - ties / (size * (size - 1)));
    if (!(variance > 0)) {
      return 1;
    }
    double z = (Math.abs(u - m * n / 2) - 0.5) / Math.sqrt(variance);
    return Math.min(1, 2 * NormalDistribution.of(0, 1).survivalProbability(z));
  }
}
