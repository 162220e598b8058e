package weir.backend;

import java.io.Serializable;
import java.util.Comparator;

/** Numbers by their value, and other names behind them by their letters. */
enum VersionOrder implements Comparator<String>, Serializable {
  ASCENDING;

  private static final int DIGITS_MAX = 18;

  @Override
  public int compare(String one, String other) {
    boolean number = number(one);
    if (number != number(other)) {
      return number ? -1 : 1;
    }
    return number ? Long.compare(Long.parseLong(one), Long.parseLong(other)) : one.compareTo(other);
  }

  private static boolean number(String version) {
    return !version.isEmpty()
        && version.length() <= DIGITS_MAX
        && version.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
