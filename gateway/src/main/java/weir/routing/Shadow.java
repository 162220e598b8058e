package weir.routing;

/**
 * A version that gets copies of a share of the requests and answers none of them.
 *
 * <p>With {@code noiseFloor} the stable version is asked a second time for each copy: how far it is
 * from itself is what no candidate can undercut.
 */
public record Shadow(String version, double share, boolean noiseFloor) {
  public Shadow {
    Names.checked("a shadow's version", version);
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "the share of shadow %s must be above 0 and at most 1, not %s".formatted(version, share));
    }
  }
}
