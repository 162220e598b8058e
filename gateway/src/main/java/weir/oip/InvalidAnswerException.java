package weir.oip;

/** A server's answer that is none of the protocol; the message holds no value of a tensor. */
public final class InvalidAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidAnswerException(String message) {
    super(message, null, false, false);
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
