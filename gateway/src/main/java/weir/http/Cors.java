package weir.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Set;
import java.util.regex.Pattern;

/** What pages of other origins in browsers are told (Fetch Standard, section 3.2). */
final class Cors {
  private static final String EXPOSED =
      "weir-variant, weir-prediction-id, weir-fallback-from, traceparent";
  private static final Pattern HEADERS = Pattern.compile("[A-Za-z0-9, _-]{1,512}");
  private static final HeaderName ASKED_METHOD = HeaderNames.ACCESS_CONTROL_REQUEST_METHOD;
  private static final HeaderName ASKED_HEADERS = HeaderNames.ACCESS_CONTROL_REQUEST_HEADERS;

  private final Set<String> origins;
  private final String maxAgeSeconds;

  Cors(CorsSettings settings) {
    origins = Set.copyOf(settings.origins());
    maxAgeSeconds = Long.toString(settings.maxAge().toSeconds());
  }

  /** Says who may read the answer; true when the request was a preflight, which is answered. */
  boolean answered(ServerRequest request, ServerResponse response, Method method) {
    if (origins.isEmpty()) {
      return false;
    }
    String origin = request.headers().first(HeaderNames.ORIGIN).orElse("");
    response.header(HeaderNames.VARY, HeaderNames.ORIGIN_NAME);
    boolean preflight =
        request.prologue().method().equals(Method.OPTIONS)
            && request.headers().contains(ASKED_METHOD);
    if (origins.contains(origin)) {
      response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      if (!preflight) {
        response.header(HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
      }
    }
    if (!preflight) {
      return false;
    }
    if (!origins.contains(origin)) {
      Answers.error(
          response, Status.FORBIDDEN_403, "pages of this origin are not among http.cors.origins");
      return true;
    }
    String headers = request.headers().first(ASKED_HEADERS).orElse("");
    if (HEADERS.matcher(headers).matches()) {
      response.header(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, headers);
    }
    response.header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, method.text());
    response.header(HeaderNames.ACCESS_CONTROL_MAX_AGE, maxAgeSeconds);
    response.status(Status.NO_CONTENT_204).send();
    return true;
  }
}
