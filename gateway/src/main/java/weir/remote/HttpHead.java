package weir.remote;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The head of an answer: its status, how its body ends, and the few headers that anyone asks for.
 *
 * @param length the body's length, or -1 when it was not said
 */
record HttpHead(
    int status,
    long length,
    boolean chunked,
    boolean keepAlive,
    boolean encoded,
    Map<String, String> headers) {
  private static final String PROTOCOL = "HTTP/1.";
  private static final String NOT_HTTP = "answered something that is not HTTP/1.1";
  private static final int FIELDS_MAX = 200;
  private static final int LENGTH_DIGITS_MAX = 18;
  private static final int STATUS_LINE_MIN = "HTTP/1.1 200".length();

  /** The index behind the blank line that ends a head, or -1 when it has not come yet. */
  static int end(byte[] bytes, int start, int from, int limit) {
    for (int i = Math.max(from, start + 3); i < limit; i++) {
      if (bytes[i] == '\n'
          && bytes[i - 1] == '\r'
          && bytes[i - 2] == '\n'
          && bytes[i - 3] == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  /** Throws as soon as the first bytes cannot become a head, which may never end. */
  static void requireHttp(byte[] bytes, int start, int end) throws MalformedAnswerException {
    for (int i = start; i < end && i < start + PROTOCOL.length(); i++) {
      if (bytes[i] != PROTOCOL.charAt(i - start)) {
        throw new MalformedAnswerException(NOT_HTTP);
      }
    }
  }

  /** Whether an answer of that status has no body, whatever its headers say. */
  boolean bodyless() {
    return status == 204 || status == 304;
  }

  /** Reads the bytes from {@code start} to behind the blank line. */
  static HttpHead parse(byte[] bytes, int start, int end) throws MalformedAnswerException {
    int line = lineEnd(bytes, start, end);
    boolean oldest = version(bytes, start, line);
    int status = status(bytes, start);
    long length = -1;
    boolean chunked = false;
    boolean close = oldest;
    boolean encoded = false;
    Map<String, String> headers = Map.of();
    int fields = 0;
    for (int at = line + 2; at < end - 2; at = line + 2) {
      line = lineEnd(bytes, at, end);
      if (++fields > FIELDS_MAX) {
        throw new MalformedAnswerException("answered with too many headers");
      }
      int colon = colon(bytes, at, line);
      switch (colon - at) {
        case 14 -> {
          if (is(bytes, at, "content-length")) {
            if (length >= 0) {
              throw new MalformedAnswerException("answered with two lengths");
            }
            length = length(bytes, colon + 1, line);
          }
        }
        case 17 -> {
          if (is(bytes, at, "transfer-encoding")) {
            if (chunked || !value(bytes, colon, line).equalsIgnoreCase("chunked")) {
              throw new MalformedAnswerException("answered with an unknown Transfer-Encoding");
            }
            chunked = true;
          }
        }
        case 10 -> {
          if (is(bytes, at, "connection")) {
            close = closes(value(bytes, colon, line), close);
          }
        }
        case 16 -> {
          if (is(bytes, at, "content-encoding")) {
            encoded |= !value(bytes, colon, line).equalsIgnoreCase("identity");
          }
        }
        case 11 -> headers = with(headers, bytes, at, colon, line, "retry-after");
        case 8 -> headers = with(headers, bytes, at, colon, line, "location");
        case 31 ->
            headers = with(headers, bytes, at, colon, line, "inference-header-content-length");
        default -> {}
      }
    }
    if (chunked && length >= 0) {
      throw new MalformedAnswerException("answered with a length and with chunks");
    }
    return new HttpHead(status, length, chunked, !close, encoded, headers);
  }

  private static Map<String, String> with(
      Map<String, String> headers, byte[] bytes, int at, int colon, int line, String name) {
    if (!is(bytes, at, name)) {
      return headers;
    }
    Map<String, String> more = new HashMap<>(headers);
    more.putIfAbsent(name, value(bytes, colon, line));
    return more;
  }

  private static boolean closes(String connection, boolean before) {
    boolean close = before;
    for (String option : connection.toLowerCase(Locale.ROOT).split(",", -1)) {
      switch (option.strip()) {
        case "close" -> {
          return true;
        }
        case "keep-alive" -> close = false;
        default -> {}
      }
    }
    return close;
  }

  /** The index of the CR that ends the line. */
  private static int lineEnd(byte[] bytes, int from, int end) throws MalformedAnswerException {
    for (int i = from; i < end; i++) {
      switch (bytes[i]) {
        case '\r' -> {
          if (bytes[i + 1] == '\n') {
            return i;
          }
          throw new MalformedAnswerException("answered with a bare carriage return in its head");
        }
        default -> {
          if (control(bytes[i])) {
            throw new MalformedAnswerException("answered with a control character in its head");
          }
        }
      }
    }
    throw new MalformedAnswerException("answered with a head that does not end");
  }

  /** Whether it is HTTP/1.0, whose connections end with the answer. */
  private static boolean version(byte[] bytes, int start, int line)
      throws MalformedAnswerException {
    requireHttp(bytes, start, line);
    boolean http =
        line - start >= STATUS_LINE_MIN
            && (bytes[start + 7] == '1' || bytes[start + 7] == '0')
            && bytes[start + 8] == ' '
            && (line - start == STATUS_LINE_MIN || bytes[start + STATUS_LINE_MIN] == ' ');
    if (!http) {
      throw new MalformedAnswerException(NOT_HTTP);
    }
    return bytes[start + 7] == '0';
  }

  private static int status(byte[] bytes, int start) throws MalformedAnswerException {
    int status = 0;
    for (int i = start + 9; i < start + STATUS_LINE_MIN; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        throw new MalformedAnswerException("answered with a status that is no number");
      }
      status = 10 * status + bytes[i] - '0';
    }
    if (status < 100 || status > 599) {
      throw new MalformedAnswerException("answered with status " + status);
    }
    return status;
  }

  private static int colon(byte[] bytes, int from, int line) throws MalformedAnswerException {
    for (int i = from; i < line && bytes[i] > ' ' && bytes[i] < 0x7f; i++) {
      if (bytes[i] == ':' && i > from) {
        return i;
      }
    }
    throw new MalformedAnswerException("answered with a header without a name");
  }

  private static boolean is(byte[] bytes, int at, String name) {
    for (int i = 0; i < name.length(); i++) {
      int c = bytes[at + i];
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static String value(byte[] bytes, int colon, int line) {
    return new String(bytes, colon + 1, line - colon - 1, StandardCharsets.ISO_8859_1).strip();
  }

  private static long length(byte[] bytes, int from, int line) throws MalformedAnswerException {
    int start = from;
    int end = line;
    while (start < end && blank(bytes[start])) {
      start++;
    }
    while (end > start && blank(bytes[end - 1])) {
      end--;
    }
    long length = 0;
    boolean number = end > start && end - start <= LENGTH_DIGITS_MAX;
    for (int i = start; i < end && number; i++) {
      number = bytes[i] >= '0' && bytes[i] <= '9';
      length = 10 * length + bytes[i] - '0';
    }
    if (!number) {
      throw new MalformedAnswerException("answered with a Content-Length that is no length");
    }
    return length;
  }

  private static boolean blank(int c) {
    return c == ' ' || c == '\t';
  }

  /**
   * Whether no line of HTTP may hold that byte; those of 0x80 and above are fine, signed or not.
   */
  static boolean control(int c) {
    return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f;
  }
}
