package weir.observation;

import java.util.List;

/**
 * What was asked of one variant since it was prepared, as counts that only grow.
 *
 * @param divided requests that the policy gave it: neither pinned nor matched by a rule
 * @param refused requests without an answer that the caller has to change
 * @param failed the others without an answer: an error of the variant or of the gateway
 * @param durations whole requests by how long they took, ascending
 */
public record VariantTraffic(
    long divided, long answered, long refused, long failed, List<Bucket> durations) {
  public VariantTraffic {
    durations = List.copyOf(durations);
  }

  /** Of a variant that nothing has happened to. */
  public static final VariantTraffic NONE = new VariantTraffic(0, 0, 0, 0, List.of());

  /** How many took at most so long, and longer than the bucket before; the last has no bound. */
  public record Bucket(double secondsMax, long count) {}
}
