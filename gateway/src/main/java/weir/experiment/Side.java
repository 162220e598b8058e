package weir.experiment;

/** Indices of the two compared variants in arrays of counts. */
final class Side {
  static final int STABLE = 0;
  static final int CANDIDATE = 1;
  static final int COUNT = 2;

  private Side() {}
}
