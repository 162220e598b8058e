package weir.routing;

/** A version's part of a split; weights have any positive scale and are normalised on use. */
public record Share(String version, double weight) {
  public Share {
    Names.checked("a share's version", version);
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "the weight of version '%s' is finite and at least 0, not %s".formatted(version, weight));
    }
  }
}
