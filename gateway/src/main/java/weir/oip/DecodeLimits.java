package weir.oip;

/**
 * How much one request may hold.
 *
 * <p>{@code maxDepth} bounds a shape's rank, the nesting of data and of ignored fields; {@code
 * maxElements} the values of one input; {@code maxStringBytes} one BYTES element or string
 * parameter; {@code maxParameters} the parameters, and the unknown fields, of one object; {@code
 * maxNameChars} the id and every name.
 */
public record DecodeLimits(
    int maxDepth,
    int maxInputs,
    int maxOutputs,
    int maxElements,
    long maxStringBytes,
    int maxParameters,
    int maxNameChars) {
  public DecodeLimits {
    require("max-depth", maxDepth, 1, 128);
    require("max-inputs", maxInputs, 1, 65_536);
    require("max-outputs", maxOutputs, 1, 65_536);
    require("max-elements", maxElements, 1, 1 << 27);
    require("max-string", maxStringBytes, 1, 1 << 30);
    require("max-parameters", maxParameters, 0, 4_096);
    require("max-name-chars", maxNameChars, 32, 4_096);
  }

  public static DecodeLimits defaults() {
    return new DecodeLimits(16, 256, 256, 1 << 24, 1 << 20, 64, 256);
  }

  private static void require(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is between %d and %d, not %d".formatted(key, least, most, value));
    }
  }
}
