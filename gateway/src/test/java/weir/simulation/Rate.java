package weir.simulation;

import java.util.Locale;

/** How many of some repetitions. */
record Rate(int hits, int of) {
  private static final double PERCENT = 100;
  private static final double BEYOND = 0.05;

  double share() {
    return (double) hits / of;
  }

  /** Whether it is no more than the limit but for so many standard errors of the limit. */
  boolean atMost(double limit, double noise) {
    return share() <= limit + noise * Math.sqrt(limit * (1 - limit) / of);
  }

  /** In percent with one standard error; the 95 % bound where nothing was seen. */
  String percent() {
    if (hits == 0) {
      return String.format(
          Locale.ROOT, "0 (below %.2f %%)", PERCENT * (1 - Math.pow(BEYOND, 1.0 / of)));
    }
    if (hits == of) {
      return "100 %";
    }
    return String.format(
        Locale.ROOT,
        "%.1f ± %.1f %%",
        PERCENT * share(),
        PERCENT * Math.sqrt(share() * (1 - share()) / of));
  }
}
