package weir.remote;

import java.util.Map;

/**
 * One HTTP request: {@code target} is the path behind the endpoint's base with its query, {@code
 * headers} those of this call alone. The first {@code length} bytes of {@code body} are sent; the
 * array is not changed before the call has ended.
 */
final class HttpCall {
  private static final byte[] NOTHING = {};

  private final String method;
  private final String target;
  private final Map<String, String> headers;
  private final byte[] body;
  private final int length;

  HttpCall(String method, String target, Map<String, String> headers, byte[] body, int length) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
    this.length = length;
  }

  static HttpCall get(String target) {
    return new HttpCall("GET", target, Map.of(), NOTHING, 0);
  }

  String method() {
    return method;
  }

  String target() {
    return target;
  }

  Map<String, String> headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  int length() {
    return length;
  }
}
