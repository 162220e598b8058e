package weir.remote;

import java.time.Duration;
import weir.inference.Variant;
import weir.oip.ErrorText;
import weir.remote.RemoteFailure.Kind;

/** What an HTTP status says about an attempt, the same for every protocol over HTTP. */
final class StatusKinds {
  private static final long RETRY_AFTER_SECONDS_MAX = 30;

  private final ErrorText errors = new ErrorText();
  private final Variant variant;

  StatusKinds(Variant variant) {
    this.variant = variant;
  }

  /** Returns when the reply is an answer (2xx). */
  void require2xx(HttpReply reply) throws RemoteFailure {
    int status = reply.status();
    if (status < 200 || status > 299) {
      throw failure(reply);
    }
  }

  private RemoteFailure failure(HttpReply reply) {
    int status = reply.status();
    String server = "the server of " + variant;
    String said = errors.of(reply.body(), reply.length());
    String text = said.isEmpty() ? "" : ": " + said;
    if (status >= 300 && status <= 399) {
      return new RemoteFailure(
          Kind.FAILED, "%s answered %d; redirects are not followed".formatted(server, status));
    }
    return switch (status) {
      case 400, 413, 422 ->
          new RemoteFailure(
              Kind.REFUSED, "%s refuses the request (%d)%s".formatted(server, status, text));
      case 429, 503 ->
          new RemoteFailure(
              Kind.BUSY, "%s has no room (%d)%s".formatted(server, status, text), wait(reply));
      case 408, 504 ->
          new RemoteFailure(
              Kind.TIMEOUT, "%s gave up waiting (%d)%s".formatted(server, status, text));
      default -> new RemoteFailure(Kind.FAILED, "%s failed (%d)%s".formatted(server, status, text));
    };
  }

  /** The seconds of Retry-After; a date there counts as nothing said. */
  private static Duration wait(HttpReply reply) {
    String value = reply.header("retry-after").strip();
    if (!value.matches("[0-9]{1,9}")) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(Math.min(RETRY_AFTER_SECONDS_MAX, Long.parseLong(value)));
  }

  /** The answer is not what the protocol or the mapping says. */
  RemoteFailure invalid(String why) {
    return new RemoteFailure(
        Kind.INVALID, "the server of %s gave no valid answer: %s".formatted(variant, why));
  }

  /** The request cannot be put in the server's terms. */
  RemoteFailure unsayable(String why) {
    return new RemoteFailure(
        Kind.REFUSED, "the server of %s cannot be sent the request: %s".formatted(variant, why));
  }
}
