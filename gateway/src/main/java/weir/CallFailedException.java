package weir;

/** A running gateway was asked and did not do it; carries the exit code and the words. */
final class CallFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  CallFailedException(int code, String words) {
    super(words);
    this.code = code;
  }

  CallFailedException(int code, String words, Throwable cause) {
    super(words, cause);
    this.code = code;
  }

  int code() {
    return code;
  }
}
