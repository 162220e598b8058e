package weir.admission;

/** What became of a request that asked for a place. */
public sealed interface Entry {
  /** A place, to be given back once. {@code inFlight} counts this request and those before it. */
  record Place(int inFlight, int slot) implements Entry {}

  /** Why there is none. */
  enum Refusal implements Entry {
    /** Every place is taken, and the caller holds no more than its share of them. */
    FULL,
    /** Every place is taken, and the caller holds more than its share beside others. */
    OVER_SHARE
  }
}
