package weir.oip;

/** Ends the reading of a request; it never leaves the package and carries no stack trace. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  Refusal(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  /** The same refusal with the place it happened in put before it. */
  Refusal in(String place) {
    return new Refusal(place + ": " + reason);
  }

  String reason() {
    return reason;
  }
}
