package weir.experiment;

/**
 * How far two numbers may lie apart and still be the same answer: {@code absolute + relative ·
 * |stable's|}.
 */
public record ShadowTolerance(double absolute, double relative) {
  public ShadowTolerance {
    if (!(absolute >= 0 && absolute < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "absolute must be a number of at least 0, not " + absolute);
    }
    if (!(relative >= 0 && relative <= 1)) {
      throw new IllegalArgumentException("relative must lie between 0 and 1, not " + relative);
    }
  }

  public static ShadowTolerance defaults() {
    return new ShadowTolerance(1e-6, 1e-5);
  }

  boolean same(double stable, double shadow) {
    return Double.compare(stable, shadow) == 0
        || Math.abs(stable - shadow) <= absolute + relative * Math.abs(stable);
  }
}
