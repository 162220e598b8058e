package weir.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which of the known names was probably meant. */
final class NearestName {
  private static final int LENGTH_MAX = 64;

  private NearestName() {}

  /** The name within a third of its length in edits, or one that the other starts with. */
  static Optional<String> of(String written, Collection<String> known) {
    if (written.isEmpty() || written.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> near(written, name))
        .min(Comparator.comparingInt(name -> edits(written, name)));
  }

  private static boolean near(String written, String name) {
    return edits(written, name) <= Math.max(1, name.length() / 3)
        || name.startsWith(written + "-")
        || written.startsWith(name + "-");
  }

  /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
  private static int edits(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
