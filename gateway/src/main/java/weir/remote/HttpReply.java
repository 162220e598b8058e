package weir.remote;

import java.util.Map;

/** A whole HTTP answer; header names are lower case, of repeated ones the first value counts. */
final class HttpReply {
  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final int length;

  HttpReply(int status, Map<String, String> headers, byte[] body, int length) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.length = length;
  }

  int status() {
    return status;
  }

  /** The header's value, or the empty string. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The body's own array, not a copy; only the first {@link #length} bytes count. */
  byte[] body() {
    return body;
  }

  int length() {
    return length;
  }
}
