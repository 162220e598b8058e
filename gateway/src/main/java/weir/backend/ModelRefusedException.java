package weir.backend;

/** A model's files cannot be served; the message says which file, why, and what to do. */
public final class ModelRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  ModelRefusedException(String message) {
    super(message);
  }
}
