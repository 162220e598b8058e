package weir.drift;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.stats.Binning;

/** One watched stream of values and how it was distributed when the baseline was made. */
public sealed interface Signal {
  /** The label of the bin that takes every category without one of its own. */
  String OTHER = "(other)";

  /** The name that reports and metrics carry; unique in a baseline. */
  String name();

  Place place();

  /** Rows of the baseline without a value: NaN, or the empty string. */
  long missing();

  /** Rows of the baseline per bin, missing ones left out. */
  List<Long> counts();

  /** What each bin is called, in the order of {@link #counts}; unique. */
  List<String> labels();

  /** Rows of the baseline that have a value. */
  default long present() {
    return counts().stream().mapToLong(Long::longValue).sum();
  }

  /** All rows of the baseline. */
  default long rows() {
    return present() + missing();
  }

  /**
   * A number: a feature, a score, a count.
   *
   * @param sd the standard deviation of the values, 0 when all are equal
   */
  record Numeric(
      String name,
      Place place,
      Binning binning,
      List<Long> counts,
      long missing,
      double min,
      double max,
      double sd)
      implements Signal {
    public Numeric {
      counts = List.copyOf(counts);
      require(!name.isEmpty(), "a signal has a name");
      require(counts.size() == binning.bins(), "'" + name + "': one more count than edges");
      requireCounts(name, counts, missing);
      require(
          Double.isFinite(min) && Double.isFinite(max) && min <= max && sd >= 0 && sd < 1e308,
          "'" + name + "': min, max and sd are finite, min at most max, sd at least 0");
      double[] edges = binning.edges();
      require(
          edges.length == 0 || (edges[0] >= min && edges[edges.length - 1] <= max),
          "'" + name + "': edges lie between min and max");
    }

    /**
     * The upper bound of each bin, as in a Prometheus histogram; those of FP32 values as short as
     * floats are.
     */
    @Override
    public List<String> labels() {
      List<String> labels = new ArrayList<>();
      for (double edge : binning.edges()) {
        labels.add(edge == (float) edge ? Float.toString((float) edge) : Double.toString(edge));
      }
      if (new HashSet<>(labels).size() < labels.size()) {
        labels.clear();
        Arrays.stream(binning.edges()).forEach(edge -> labels.add(Double.toString(edge)));
      }
      labels.add("+Inf");
      return labels;
    }
  }

  /**
   * A text, a truth value, or an integer that names a class.
   *
   * @param values the most frequent values of the baseline, at most {@value #VALUES_MAX}
   * @param other rows of the baseline with any other value
   */
  record Categorical(String name, Place place, List<Value> values, long other, long missing)
      implements Signal {
    public static final int VALUES_MAX = 50;
    public static final int VALUE_BYTES_MAX = 256;

    public Categorical {
      values = List.copyOf(values);
      require(!name.isEmpty(), "a signal has a name");
      require(
          values.size() <= VALUES_MAX, "'" + name + "': at most " + VALUES_MAX + " values of own");
      Set<String> seen = new HashSet<>();
      List<Long> counts = new ArrayList<>(List.of(other));
      for (Value value : values) {
        counts.add(value.count());
        require(seen.add(value.text()), "'" + name + "': each value once");
        require(
            !value.text().isEmpty() && !value.text().equals(OTHER),
            "'" + name + "': a value is neither empty nor " + OTHER);
        require(
            value.text().getBytes(StandardCharsets.UTF_8).length <= VALUE_BYTES_MAX,
            "'" + name + "': a value has at most " + VALUE_BYTES_MAX + " bytes");
      }
      requireCounts(name, counts, missing);
    }

    @Override
    public List<Long> counts() {
      List<Long> counts = new ArrayList<>();
      values.forEach(value -> counts.add(value.count()));
      counts.add(other);
      return counts;
    }

    @Override
    public List<String> labels() {
      List<String> labels = new ArrayList<>();
      values.forEach(value -> labels.add(value.text()));
      labels.add(OTHER);
      return labels;
    }

    /** Whether every value of the baseline is listed, so that any other one is unseen. */
    public boolean closed() {
      return other == 0;
    }
  }

  /** A category and its rows in the baseline. */
  record Value(String text, long count) {}

  private static void requireCounts(String name, List<Long> counts, long missing) {
    long present = 0;
    for (long count : counts) {
      require(count >= 0, "'" + name + "': a count is at least 0");
      present += count;
    }
    require(missing >= 0, "'" + name + "': missing is at least 0");
    require(present > 0, "'" + name + "': the baseline has at least one value");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
