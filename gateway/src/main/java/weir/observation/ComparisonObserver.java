package weir.observation;

import weir.routing.Assignment;

/**
 * Someone who compares variants: told on the request's thread when a request is assigned and when
 * it has ended. Returns within a microsecond and throws nothing.
 */
public interface ComparisonObserver {
  /** Compares nothing. */
  ComparisonObserver NONE =
      new ComparisonObserver() {
        @Override
        public double measuredShare(String model) {
          return 0;
        }

        @Override
        public long began(String model, Assignment assignment, Room room) {
          return 0;
        }

        @Override
        public void ended(long token, Observation observation) {}
      };

  /**
   * The probability with which a request to {@code model} is to be measured, decided by a coin that
   * is thrown before the assignment; 0 when nothing is compared.
   */
  double measuredShare(String model);

  /** Says of each version whether its next request would be tried, not refused by a limit. */
  @FunctionalInterface
  interface Room {
    boolean takes(String model, String version);
  }

  /** An assignment was made; the answer goes to {@link #ended}. */
  long began(String model, Assignment assignment, Room room);

  void ended(long token, Observation observation);
}
