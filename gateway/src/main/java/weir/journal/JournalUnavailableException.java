package weir.journal;

/**
 * The journal could not do what it was asked; the message says what happened and what to do.
 *
 * <p>The journal works again by itself once the cause is gone.
 */
public final class JournalUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public JournalUnavailableException(String message) {
    super(message);
  }

  public JournalUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
