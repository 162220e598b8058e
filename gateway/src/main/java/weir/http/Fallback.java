package weir.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** What a path answers to a wrong method, an unknown path, and a failure of the gateway itself. */
final class Fallback {
  static final String NO_SUCH_PATH = "there is nothing at this path; /openapi.yaml lists the paths";

  private static final int PATH_CHARS_MAX = 4_096;
  private static final Logger LOG = System.getLogger(Fallback.class.getName());

  private Fallback() {}

  /**
   * Routes one path with one method, for callers who may; every other method is answered 405 with
   * Allow.
   */
  static void route(Routes routing, Method method, String path, Handler handler) {
    Guard guard = new Guard(routing.access(), path);
    Handler guarded =
        (request, response) -> {
          if (routing.cors().answered(request, response, method)) {
            return;
          }
          if (!request.prologue().method().equals(method)) {
            wrongMethod(request, response, method);
          } else if (guard.admits(request, response)) {
            handler.handle(request, response);
          }
        };
    routing
        .builder()
        .route(HttpRoute.builder().path(new SegmentPath(path)).handler(guarded).build());
  }

  private static void wrongMethod(ServerRequest request, ServerResponse response, Method allowed) {
    response.header(HeaderNames.ALLOW, allowed.text());
    Answers.closing(request, response);
    Answers.error(
        response,
        Status.METHOD_NOT_ALLOWED_405,
        "this path takes %s only".formatted(allowed.text()));
    Answers.closeUnread(request);
  }

  /** Ends a routing: everything not routed before is 404, everything thrown is 500. */
  static void close(Routes routing) {
    routing.builder().any(Fallback::notFound);
    routing.builder().error(Throwable.class, Fallback::failed);
  }

  private static void notFound(ServerRequest request, ServerResponse response) {
    Answers.closing(request, response);
    if (request.path().rawPath().length() > PATH_CHARS_MAX) {
      Answers.error(response, Status.REQUEST_URI_TOO_LONG_414, "the path is too long");
    } else {
      Answers.error(response, Status.NOT_FOUND_404, NO_SUCH_PATH);
    }
    Answers.closeUnread(request);
  }

  private static void failed(ServerRequest request, ServerResponse response, Throwable failure) {
    LOG.log(Level.ERROR, "a request to " + request.path().rawPath() + " failed", failure);
    if (!response.isSent()) {
      Answers.closing(request, response);
      Answers.error(
          response,
          Status.INTERNAL_SERVER_ERROR_500,
          "the gateway failed to handle this request; its log says why");
    }
  }
}
