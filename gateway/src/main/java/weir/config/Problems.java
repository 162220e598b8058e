package weir.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the problems of one reading; keeps at most {@link #MAX} and counts the rest. */
final class Problems {
  static final int MAX = 200;

  private final List<Problem> kept = new ArrayList<>();
  private int dropped;

  void add(String path, int line, String message, String hint) {
    if (kept.size() < MAX) {
      kept.add(new Problem(path, line, message, hint));
    } else {
      dropped++;
    }
  }

  /** All problems by line; the last one says how many more there were. */
  List<Problem> all() {
    List<Problem> all = new ArrayList<>(kept);
    all.sort(Comparator.comparingInt(Problem::line));
    if (dropped > 0) {
      int line = all.getLast().line();
      all.add(new Problem("", line, dropped + " more problems", "mend the ones above first"));
    }
    return List.copyOf(all);
  }
}
