package weir.remote;

import java.time.Duration;
import weir.inference.Reason;

/** Why one attempt at an endpoint gave no answer; made often, and so without a stack trace. */
final class RemoteFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** What happened, as far as it decides about blame and about trying again. */
  enum Kind {
    /** No connection: the request never left. */
    UNREACHABLE(Reason.BACKEND_UNREACHABLE),
    /** The gateway's own bound on the server's connections is reached. */
    FULL(Reason.OVERLOADED),
    /** No connection was free in time, or the server says that it has too much to do. */
    BUSY(Reason.BACKEND_BUSY),
    /** No whole answer within the deadline. */
    TIMEOUT(Reason.BACKEND_TIMEOUT),
    /** The connection failed after the request was sent. */
    BROKEN(Reason.BACKEND_FAILED),
    /** The server says that it failed. */
    FAILED(Reason.BACKEND_FAILED),
    /** The server does not take this request (400, 413, 422). */
    REFUSED(Reason.BACKEND_REFUSED),
    /** What came is no answer of the protocol, or not one of this variant. */
    INVALID(Reason.INVALID_OUTPUT);

    private final Reason reason;

    Kind(Reason reason) {
      this.reason = reason;
    }

    Reason reason() {
      return reason;
    }
  }

  private final Kind kind;
  private final Duration retryAfter;

  /** {@code message} tells the caller of the gateway, and holds no value of a tensor. */
  RemoteFailure(Kind kind, String message) {
    this(kind, message, Duration.ZERO);
  }

  /** {@code retryAfter} is how long the server asks to be left alone, 0 when it does not. */
  RemoteFailure(Kind kind, String message, Duration retryAfter) {
    super(message, null, false, false);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  Kind kind() {
    return kind;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
