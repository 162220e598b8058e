package weir.stats;

/**
 * Number, mean and sum of squared deviations of the outcomes of one arm; 0 and 1 for a proportion.
 *
 * <p>Source: Chan, Golub, LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample
 * Variances, 1979.
 */
public record Moments(long count, double mean, double squares) {
  /** No outcomes. */
  public static final Moments NONE = new Moments(0, 0, 0);

  public Moments {
    if (count < 0 || !Double.isFinite(mean) || !(squares >= 0 && squares < Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "moments are finite, count and squares at least 0, not %d, %s, %s"
              .formatted(count, mean, squares));
    }
  }

  /** The moments of {@code count} outcomes of which {@code successes} are 1 and the others 0. */
  public static Moments ofProportion(long successes, long count) {
    if (successes < 0 || successes > count) {
      throw new IllegalArgumentException(
          "successes lie between 0 and " + count + ", not " + successes);
    }
    double mean = count == 0 ? 0 : (double) successes / count;
    return new Moments(count, mean, count * mean * (1 - mean));
  }

  /** With one more outcome. */
  public Moments with(double value) {
    return plus(new Moments(1, value, 0));
  }

  /** With the outcomes of {@code other}. */
  public Moments plus(Moments other) {
    if (count == 0 || other.count == 0) {
      return count == 0 ? other : this;
    }
    long total = count + other.count;
    double distance = other.mean - mean;
    double share = (double) other.count / total;
    return new Moments(
        total,
        mean + distance * share,
        squares + other.squares + distance * distance * count * share);
  }

  /** The unbiased variance; 0 below two outcomes. */
  public double variance() {
    return count < 2 ? 0 : squares / (count - 1);
  }
}
