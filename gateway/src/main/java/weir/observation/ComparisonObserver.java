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
        public long began(String model, Assignment assignment, Footing footing) {
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

  /**
   * Says whether the next request would find the same, whichever of two versions it gets: it would
   * be tried by either, could be tried again by either, and neither leaves out a server that the
   * other one asks.
   */
  @FunctionalInterface
  interface Footing {
    boolean equal(String model, String one, String other);
  }

  /** An assignment was made; the answer goes to {@link #ended}. */
  long began(String model, Assignment assignment, Footing footing);

  void ended(long token, Observation observation);
}
