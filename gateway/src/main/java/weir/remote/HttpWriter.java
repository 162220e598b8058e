package weir.remote;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes requests to one host: what is the same in each of them is encoded once. */
final class HttpWriter {
  /** A body up to this size goes out in one write with its head. */
  private static final int TOGETHER_MAX_BYTES = 64 << 10;

  private static final Set<String> OURS =
      Set.of("host", "content-length", "connection", "transfer-encoding", "expect", "upgrade");

  private final String path;
  private final byte[] constant;

  HttpWriter(URI base, Map<String, String> headers) {
    String raw = URI.create(base.toASCIIString()).getRawPath();
    this.path = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    StringBuilder text = new StringBuilder(" HTTP/1.1\r\nhost: ").append(base.getRawAuthority());
    new TreeMap<>(headers)
        .forEach((name, value) ->
            text.append("\r\n").append(name(name)).append(": ").append(value(name, value)));
    this.constant = latin1(text.append("\r\n").toString());
  }

  private static String name(String name) {
    if (name.isEmpty() || !name.chars().allMatch(HttpWriter::token)) {
      throw new IllegalArgumentException("'%s' is no name of a header".formatted(name));
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (OURS.contains(lower)) {
      throw new IllegalArgumentException("the header %s is set by the gateway".formatted(lower));
    }
    return lower;
  }

  private static boolean token(int c) {
    return c < 0x7f && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }

  private static String value(String name, String value) {
    if (value.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c >= 0x7f)) {
      throw new IllegalArgumentException(
          "the value of header %s has a character that headers cannot carry".formatted(name));
    }
    return value;
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Writes head and body, together where the body is small. */
  void write(TimedSocket socket, HttpCall call) throws IOException {
    StringBuilder own = new StringBuilder(160);
    call.headers()
        .forEach((name, value) -> own.append(name).append(": ").append(value).append("\r\n"));
    if (call.length() > 0 || call.method().equals("POST")) {
      own.append("content-length: ").append(call.length()).append("\r\n");
    }
    byte[] first = latin1(call.method() + " " + path + call.target());
    byte[] last = latin1(own.append("\r\n").toString());
    int head = first.length + constant.length + last.length;
    boolean together = call.length() <= TOGETHER_MAX_BYTES;
    byte[] bytes = new byte[together ? head + call.length() : head];
    System.arraycopy(first, 0, bytes, 0, first.length);
    System.arraycopy(constant, 0, bytes, first.length, constant.length);
    System.arraycopy(last, 0, bytes, first.length + constant.length, last.length);
    if (together) {
      System.arraycopy(call.body(), 0, bytes, head, call.length());
      socket.write(bytes, bytes.length);
    } else {
      socket.write(bytes, bytes.length);
      socket.write(call.body(), call.length());
    }
  }
}
