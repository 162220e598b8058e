package weir.routing;

import java.util.Locale;

/**
 * What makes a unit keep its variant.
 *
 * <p>A request whose sticky value is absent or empty is a unit of its own, with a random key.
 */
public sealed interface Stickiness {
  /** Every request is a unit of its own. */
  record None() implements Stickiness {}

  /** The unit is a header's first value; the name is held in lower case. */
  record ByHeader(String header) implements Stickiness {
    public ByHeader {
      header = Names.checked("a sticky header", header).toLowerCase(Locale.ROOT);
    }
  }

  /** The unit is the first element of an input: its bytes as sent, a number's in little-endian. */
  record ByInput(String input) implements Stickiness {
    public ByInput {
      Names.checked("a sticky input", input);
    }
  }
}
