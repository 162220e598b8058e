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

  /** Whether each part can stand in its line of the head and not become another. */
  boolean sendable() {
    if (!printable(method, '!') || !printable(target, '!')) {
      return false;
    }
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (!printable(header.getKey(), '!') || !printable(header.getValue(), ' ')) {
        return false;
      }
    }
    return true;
  }

  private static boolean printable(String text, char least) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < least || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }
}
