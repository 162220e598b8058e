package weir.http;

import io.helidon.webserver.http.ServerRequest;

/** Reads the named parts of a matched path, decoded. */
final class Paths {
  private Paths() {}

  /** The part of that name, or the empty string when the pattern has none. */
  static String parameter(ServerRequest request, String name) {
    return request.path().pathParameters().first(name).orElse("");
  }
}
