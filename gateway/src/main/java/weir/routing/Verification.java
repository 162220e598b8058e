package weir.routing;

/** What became of a prediction id sent back by a client. */
public sealed interface Verification {
  /** Signed with a key in use, every bit as it was. */
  record Valid(PredictionId id) implements Verification {}

  /** Not an id of this format. */
  record Malformed() implements Verification {}

  /** Shaped like an id, but no key in use has its key id: too old, or of another fleet. */
  record UnknownKey() implements Verification {}

  /** Names a key in use that did not sign it. */
  record Forged() implements Verification {}
}
