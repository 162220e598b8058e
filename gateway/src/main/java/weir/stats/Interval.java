package weir.stats;

/** A closed range of plausible values; an infinite end says that this side is not bounded yet. */
public record Interval(double low, double high) {
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("an interval needs low <= high, not " + low + ", " + high);
    }
  }

  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
