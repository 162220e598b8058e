package weir.stats;

/** Bounds shared by the signatures of this package. */
final class Level {
  private Level() {}

  /** ln(1/alpha): what a log e-value must reach to reject at level alpha. */
  static double threshold(double alpha) {
    return -Math.log(inside("alpha", alpha));
  }

  /** The value itself when it lies strictly between 0 and 1. */
  static double inside(String name, double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException(name + " lies between 0 and 1, not " + value);
    }
    return value;
  }
}
