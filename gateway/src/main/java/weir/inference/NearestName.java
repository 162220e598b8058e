package weir.inference;

import java.util.Locale;
import java.util.Optional;

/**
 * Finds the name that somebody most likely meant.
 *
 * <p>Distance: insertions, deletions, substitutions and swaps of neighbours (optimal string
 * alignment), ignoring case. Close is one edit per three characters, at most three.
 */
public final class NearestName {
  private static final int MAX_CHARS = 64;

  private NearestName() {}

  public static Optional<String> of(String wanted, Iterable<String> names) {
    int best = Math.min(3, wanted.length() / 3);
    String nearest = "";
    boolean found = false;
    for (String name : names) {
      if (wanted.length() <= MAX_CHARS && Math.abs(wanted.length() - name.length()) <= best) {
        int distance = distance(wanted.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
        if (distance < best || (distance == best && !found)) {
          best = distance;
          nearest = name;
          found = true;
        }
      }
    }
    return found ? Optional.of(nearest) : Optional.empty();
  }

  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least = Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
