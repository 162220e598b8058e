package weir.drift;

import java.util.List;

/**
 * One signal's rows in a window.
 *
 * @param beyond rows out of the baseline's range, or unseen in it; they are in a bin too
 */
record WindowCounts(List<Long> bins, long missing, long beyond) {
  WindowCounts {
    bins = List.copyOf(bins);
  }

  long present() {
    return bins.stream().mapToLong(Long::longValue).sum();
  }

  long rows() {
    return present() + missing;
  }
}
