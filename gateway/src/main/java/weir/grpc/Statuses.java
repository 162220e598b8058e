package weir.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;

/** How refusals are said over gRPC. */
final class Statuses {
  /** Tells clients that retry how long to wait, as Retry-After does over HTTP. */
  static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final String SOON_MILLIS = "1000";

  private Statuses() {}

  static Status of(Reason reason) {
    return switch (reason) {
      case MALFORMED, BACKEND_REFUSED -> Status.INVALID_ARGUMENT;
      case UNKNOWN_MODEL, UNKNOWN_VERSION -> Status.NOT_FOUND;
      case TOO_LARGE, RATE_LIMITED, OVER_SHARE -> Status.RESOURCE_EXHAUSTED;
      case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
      case FORBIDDEN -> Status.PERMISSION_DENIED;
      case OVERLOADED, NOT_READY, BACKEND_UNREACHABLE, BACKEND_BUSY, BREAKER_OPEN ->
          Status.UNAVAILABLE;
      case BACKEND_TIMEOUT -> Status.DEADLINE_EXCEEDED;
      case INTERNAL, BACKEND_FAILED, INVALID_OUTPUT -> Status.INTERNAL;
    };
  }

  static StatusException refusal(Rejected rejected) {
    Status status = of(rejected.reason()).withDescription(rejected.message());
    if (status.getCode() != Status.Code.UNAVAILABLE && rejected.reason() != Reason.OVER_SHARE) {
      return status.asException();
    }
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, SOON_MILLIS);
    return status.asException(trailers);
  }
}
