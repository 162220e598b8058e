package weir.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/**
 * Answers what never reaches a handler (a broken request line, headers too large, too many requests
 * at once) in the protocol's shape, without the server's own words.
 */
final class DirectErrors implements DirectHandler {
  private static final Status HEADERS_TOO_LARGE =
      Status.create(431, "Request Header Fields Too Large");

  private final Runnable badFraming;

  private DirectErrors(Runnable badFraming) {
    this.badFraming = badFraming;
  }

  /** {@code badFraming} is run for each request that is not HTTP. */
  static DirectHandlers handlers(Runnable badFraming) {
    DirectErrors errors = new DirectErrors(badFraming);
    DirectHandlers.Builder builder = DirectHandlers.builder();
    for (EventType event : EventType.values()) {
      builder.addHandler(event, errors);
    }
    return builder.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType event,
      Status status,
      ServerResponseHeaders headers,
      @Nullable String message) {
    Status said = precise(status, message);
    if (said.code() == Status.BAD_REQUEST_400.code()) {
      badFraming.run();
    }
    TransportResponse.Builder response =
        TransportResponse.builder()
            .status(said)
            .headers(headers)
            .keepAlive(false)
            .header(Answers.JSON)
            .entity(Answers.errorBody(words(said)));
    if (status.code() == Status.SERVICE_UNAVAILABLE_503.code()) {
      response.header(HeaderNames.RETRY_AFTER, "1");
    }
    return response.build();
  }

  /** The server says 400 of several things that have a status of their own. */
  private static Status precise(Status status, @Nullable String message) {
    if (status.code() != Status.BAD_REQUEST_400.code()) {
      return status;
    }
    return switch (String.valueOf(message)) {
      case "Header size exceeded" -> HEADERS_TOO_LARGE;
      case "Unsupported content encoding",
          "Content-Encoding header present when content encoding is disabled" ->
          Status.UNSUPPORTED_MEDIA_TYPE_415;
      default -> status;
    };
  }

  private static String words(Status status) {
    return switch (status.code()) {
      case 400 -> "the request is not valid HTTP";
      case 404 -> Fallback.NO_SUCH_PATH;
      case 413 -> "the body is too large; send smaller batches";
      case 414 -> "the path is too long";
      case 415 -> "send the body without Content-Encoding";
      case 431 -> "the headers are too large; send fewer or shorter ones";
      case 503 -> "too many requests at once; try again shortly";
      case 505 -> "this HTTP version is not supported; use HTTP/1.1 or HTTP/2";
      default ->
          status.code() >= 500
              ? "the gateway failed to handle this request"
              : "the request cannot be handled";
    };
  }
}
