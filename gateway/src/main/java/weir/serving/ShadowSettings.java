package weir.serving;

/**
 * What the copies for all shadows may take together: {@code copiesMax} in flight, holding {@code
 * heldBytes} of inputs and answers. A copy beyond either is dropped.
 */
public record ShadowSettings(int copiesMax, long heldBytes) {
  public ShadowSettings {
    if (copiesMax < 1 || copiesMax > 1_024) {
      throw new IllegalArgumentException(
          "copies-max must lie between 1 and 1024, not " + copiesMax);
    }
    if (heldBytes < 1_024 || heldBytes > 1L << 34) {
      throw new IllegalArgumentException(
          "held must lie between 1KiB and 16GiB, not " + heldBytes + " bytes");
    }
  }

  public static ShadowSettings defaults() {
    return new ShadowSettings(16, 64L << 20);
  }
}
