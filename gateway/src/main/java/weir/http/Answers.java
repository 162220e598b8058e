package weir.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.oip.MetadataEncoder;

/** How refusals and documents are said over HTTP. */
final class Answers {
  static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
  private static final Header CLOSE = HeaderValues.createCached(HeaderNames.CONNECTION, "close");
  private static final Header RETRY_SOON = HeaderValues.createCached(HeaderNames.RETRY_AFTER, "1");

  private static final MetadataEncoder ENCODER = new MetadataEncoder();

  private Answers() {}

  static Status status(Reason reason) {
    return switch (reason) {
      case MALFORMED, BACKEND_REFUSED -> Status.BAD_REQUEST_400;
      case UNKNOWN_MODEL, UNKNOWN_VERSION -> Status.NOT_FOUND_404;
      case UNAUTHENTICATED -> Status.UNAUTHORIZED_401;
      case FORBIDDEN -> Status.FORBIDDEN_403;
      case RATE_LIMITED, OVER_SHARE -> Status.TOO_MANY_REQUESTS_429;
      case TOO_LARGE -> Status.REQUEST_ENTITY_TOO_LARGE_413;
      case OVERLOADED, NOT_READY, BACKEND_UNREACHABLE, BACKEND_BUSY, BREAKER_OPEN ->
          Status.SERVICE_UNAVAILABLE_503;
      case INTERNAL -> Status.INTERNAL_SERVER_ERROR_500;
      case BACKEND_TIMEOUT -> Status.GATEWAY_TIMEOUT_504;
      case BACKEND_FAILED, INVALID_OUTPUT -> Status.BAD_GATEWAY_502;
    };
  }

  static void refuse(ServerResponse response, Rejected rejected) {
    Status status = status(rejected.reason());
    if (status.code() == Status.SERVICE_UNAVAILABLE_503.code()
        || status.code() == Status.TOO_MANY_REQUESTS_429.code()) {
      response.header(RETRY_SOON);
    }
    error(response, status, rejected.message());
  }

  static void notReady(ServerResponse response, String message) {
    response.header(RETRY_SOON);
    error(response, Status.SERVICE_UNAVAILABLE_503, message);
  }

  static void error(ServerResponse response, Status status, String message) {
    response.status(status).header(JSON).send(errorBody(message));
  }

  static byte[] errorBody(String message) {
    return ENCODER.error(message);
  }

  /** Says that an HTTP/1 connection ends; HTTP/2 forbids the header and has no need of it. */
  static void closing(ServerRequest request, ServerResponse response) {
    if (http1(request)) {
      response.header(CLOSE);
    }
  }

  static boolean http1(ServerRequest request) {
    return request.prologue().rawProtocol().startsWith("HTTP/1");
  }

  /** Ends an HTTP/1 connection whose request has a body that nobody will read. */
  static void closeUnread(ServerRequest request) {
    if (request.content().hasEntity() && http1(request)) {
      throw new CloseConnectionException("an unread body cannot be told from a new request");
    }
  }

  static void json(ServerResponse response, byte[] document) {
    response.header(JSON).send(document);
  }
}
