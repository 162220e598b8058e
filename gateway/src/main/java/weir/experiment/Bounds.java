package weir.experiment;

import java.util.Optional;

/** The bounds that checks have in common. */
final class Bounds {
  static final double TOLERABLE_MAX = 0.5;
  private static final double MARGIN_MAX = 10;

  private Bounds() {}

  static void event(double tolerable, Optional<Double> margin) {
    if (!(tolerable > 0 && tolerable <= TOLERABLE_MAX)) {
      throw new IllegalArgumentException(
          "a tolerable rate must be above 0 and at most 0.5, not " + tolerable);
    }
    if (margin.isPresent() && !(margin.get() > 0 && margin.get() <= MARGIN_MAX)) {
      throw new IllegalArgumentException(
          "margin must be above 0 and at most 10, not " + margin.get());
    }
  }

  static void feedback(double margin, double smallest) {
    if (!(margin >= 0 && margin <= MARGIN_MAX)) {
      throw new IllegalArgumentException("margin must lie between 0 and 10, not " + margin);
    }
    if (!(smallest > 0 && smallest <= 1)) {
      throw new IllegalArgumentException("smallest must be above 0 and at most 1, not " + smallest);
    }
  }
}
