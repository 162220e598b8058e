package weir.remote;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import weir.inference.Variant;
import weir.remote.RemoteFailure.Kind;

/** Says what a gRPC status means for the caller and for trying again. */
final class GrpcFailures {
  private static final int TEXT_MAX_CHARS = 200;
  private static final long PAUSE_MAX_MILLIS = 30_000;
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final String variant;
  private final long maxAnswerBytes;

  GrpcFailures(Variant variant, long maxAnswerBytes) {
    this.variant = variant.version();
    this.maxAnswerBytes = maxAnswerBytes;
  }

  RemoteFailure of(StatusRuntimeException failure, int requestBytes) {
    Status status = failure.getStatus();
    return switch (status.getCode()) {
      case INVALID_ARGUMENT ->
          new RemoteFailure(
              Kind.REFUSED,
              "the server of %s refuses the request (INVALID_ARGUMENT): %s"
                  .formatted(variant, text(status)));
      case RESOURCE_EXHAUSTED -> exhausted(failure, requestBytes);
      case DEADLINE_EXCEEDED ->
          connecting(text(status))
              ? new RemoteFailure(
                  Kind.UNREACHABLE, "no connection to the server of " + variant + " in time")
              : new RemoteFailure(
                  Kind.TIMEOUT, "the server of " + variant + " did not answer in time");
      case UNAVAILABLE -> unavailable(failure);
      default ->
          caused(failure, InvalidProtocolBufferException.class)
              ? invalid("the message cannot be read")
              : failed(Kind.FAILED, status);
    };
  }

  RemoteFailure invalid(String why) {
    return new RemoteFailure(
        Kind.INVALID, "the answer of the server of %s is invalid: %s".formatted(variant, why));
  }

  private RemoteFailure failed(Kind kind, Status status) {
    return new RemoteFailure(
        kind,
        "the server of %s failed (%s): %s".formatted(variant, status.getCode(), text(status)));
  }

  /** Too much to do, or a message beyond a bound: ours for answers, the server's for requests. */
  private RemoteFailure exhausted(StatusRuntimeException failure, int requestBytes) {
    String text = text(failure.getStatus());
    if (!text.contains("exceeds maximum size")) {
      return busy(failure);
    }
    return requestBytes <= maxAnswerBytes && text.contains("maximum size " + maxAnswerBytes)
        ? invalid("it has more than %d bytes".formatted(maxAnswerBytes))
        : new RemoteFailure(
            Kind.REFUSED, "the server of %s refuses the request: %s".formatted(variant, text));
  }

  private RemoteFailure busy(StatusRuntimeException failure) {
    return new RemoteFailure(
        Kind.BUSY,
        "the server of %s is busy: %s".formatted(variant, text(failure.getStatus())),
        pause(failure));
  }

  /** gRPC says so when there is no connection, when one broke, and when the server does. */
  private RemoteFailure unavailable(StatusRuntimeException failure) {
    if (caused(failure, ConnectException.class)
        || caused(failure, UnknownHostException.class)
        || caused(failure, NoRouteToHostException.class)) {
      return new RemoteFailure(Kind.UNREACHABLE, "no connection to the server of " + variant);
    }
    if (caused(failure, IOException.class)) {
      return failed(Kind.BROKEN, failure.getStatus());
    }
    return pause(failure).isZero() ? failed(Kind.FAILED, failure.getStatus()) : busy(failure);
  }

  private static boolean caused(Throwable failure, Class<? extends Throwable> by) {
    @Nullable Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < 8; depth++, cause = cause.getCause()) {
      if (by.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /** How the library says that a call waited for a connection until its deadline. */
  private static boolean connecting(String text) {
    return text.contains("waiting_for_connection") || text.contains("connecting_and_lb_delay");
  }

  private static Duration pause(StatusRuntimeException failure) {
    @Nullable Metadata trailers = failure.getTrailers();
    @Nullable String millis = trailers == null ? null : trailers.get(PUSHBACK);
    if (millis == null || !millis.matches("[0-9]{1,9}")) {
      return Duration.ZERO;
    }
    return Duration.ofMillis(Math.min(Long.parseLong(millis), PAUSE_MAX_MILLIS));
  }

  private static String text(Status status) {
    @Nullable String description = status.getDescription();
    if (description == null) {
      return "no reason given";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < description.length() && i < TEXT_MAX_CHARS; i++) {
      char c = description.charAt(i);
      text.append(Character.isISOControl(c) ? ' ' : c);
    }
    return text.toString();
  }
}
