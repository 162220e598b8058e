package weir.oip;

/** What became of a request's bytes: a request, or what its sender has to change. */
public sealed interface Decoded {
  record Valid(WireRequest request) implements Decoded {}

  /** {@code message} names the field and what was expected, and never holds a tensor's value. */
  record Invalid(String message) implements Decoded {}
}
