package weir.routing;

/**
 * The version that a request was given, with which probability, and why.
 *
 * <p>{@code unitHash} is the unit's hash under the route's salt. Its upper 53 bits decide the
 * assignment and its lower 11 do not: a slice of units is cut from the lower ones, or it would hold
 * one version only.
 */
public record Assignment(
    String version, double probability, long generation, Because because, long unitHash) {
  public Assignment {
    if (version.isEmpty()) {
      throw new IllegalArgumentException("an assignment names its version, not ''");
    }
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "the probability of an assignment is in (0, 1], not " + probability);
    }
  }
}
