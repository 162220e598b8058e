package weir.remote;

/** A connection that was used before ended before the first byte of an answer came. */
final class StaleException extends Exception {
  private static final long serialVersionUID = 1;

  StaleException() {
    super("closed while idle", null, false, false);
  }
}
