package weir.remote;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Reads answers of HTTP/1.1 from one connection, strictly: what could be read in two ways is no
 * answer. Each wait ends at the deadline, so a server that dribbles cannot outlive it.
 */
final class HttpReader {
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int INFORMATIONAL_MAX = 8;
  private static final int FIRST_PART_BYTES = 8 << 10;
  private static final int CHUNK_LINE_MAX = 256;

  private final Socket socket;
  private final InputStream in;
  private final long maxAnswerBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private boolean reusable;

  HttpReader(Socket socket, long maxAnswerBytes) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.maxAnswerBytes = maxAnswerBytes;
  }

  /** Waits for the first byte of an answer. */
  void first(long deadlineNanos) throws IOException {
    if (at == end) {
      at = 0;
      end = 0;
      fill(deadlineNanos);
    }
  }

  /** Reads an answer to its end; head and body are bounded. */
  HttpReply read(long deadlineNanos) throws IOException {
    reusable = false;
    HttpHead head = head(deadlineNanos);
    for (int i = 0; head.status() < 200; i++) {
      if (i == INFORMATIONAL_MAX || head.status() == 101) {
        throw new MalformedAnswerException("answered status " + head.status());
      }
      head = head(deadlineNanos);
    }
    if (head.bodyless()) {
      reusable = head.keepAlive() && at == end;
      return new HttpReply(head.status(), head.headers(), new byte[0], 0);
    }
    if (head.encoded()) {
      throw new MalformedAnswerException("answered with a Content-Encoding that nobody asked for");
    }
    HttpReply reply;
    if (head.chunked()) {
      reply = chunked(head, deadlineNanos);
    } else if (head.length() >= 0) {
      reply = counted(head, deadlineNanos);
    } else {
      reply = toTheEnd(head, deadlineNanos);
    }
    reusable = head.keepAlive() && at == end && (head.chunked() || head.length() >= 0);
    return reply;
  }

  /** Whether the answer read last leaves the connection fit for another. */
  boolean reusable() {
    return reusable;
  }

  private HttpHead head(long deadlineNanos) throws IOException {
    int seen = at;
    while (true) {
      int blank = HttpHead.end(buffer, at, seen, end);
      if (blank >= 0) {
        HttpHead head = HttpHead.parse(buffer, at, blank);
        at = blank;
        return head;
      }
      HttpHead.requireHttp(buffer, at, end);
      seen = Math.max(at, end - 3);
      if (at > 0) {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        seen -= at;
        end -= at;
        at = 0;
      }
      if (end == buffer.length) {
        throw new MalformedAnswerException(
            "answered with a head of more than %d bytes".formatted(BUFFER_BYTES));
      }
      fill(deadlineNanos);
    }
  }

  private HttpReply counted(HttpHead head, long deadlineNanos) throws IOException {
    requireRoom(head.length());
    byte[] body = new byte[(int) head.length()];
    int got = Math.min(end - at, body.length);
    System.arraycopy(buffer, at, body, 0, got);
    at += got;
    while (got < body.length) {
      got += read(body, got, body.length - got, deadlineNanos);
    }
    return new HttpReply(head.status(), head.headers(), body, body.length);
  }

  private HttpReply toTheEnd(HttpHead head, long deadlineNanos) throws IOException {
    byte[] body = Arrays.copyOfRange(buffer, at, Math.max(end, at + FIRST_PART_BYTES));
    int length = end - at;
    at = end;
    try {
      while (true) {
        if (length == body.length) {
          requireRoom(length + 1L);
          body = grown(body, length + 1);
        }
        length += read(body, length, body.length - length, deadlineNanos);
      }
    } catch (EOFException _) {
      return new HttpReply(head.status(), head.headers(), body, length);
    }
  }

  private HttpReply chunked(HttpHead head, long deadlineNanos) throws IOException {
    byte[] body = new byte[FIRST_PART_BYTES];
    int length = 0;
    while (true) {
      long size = chunkSize(line(deadlineNanos));
      if (size == 0) {
        break;
      }
      requireRoom(length + size);
      body = grown(body, (int) (length + size));
      int chunkEnd = (int) (length + size);
      while (length < chunkEnd) {
        if (at < end) {
          int part = Math.min(end - at, chunkEnd - length);
          System.arraycopy(buffer, at, body, length, part);
          at += part;
          length += part;
        } else {
          length += read(body, length, chunkEnd - length, deadlineNanos);
        }
      }
      if (!line(deadlineNanos).isEmpty()) {
        throw new MalformedAnswerException("answered with a chunk longer than it said");
      }
    }
    for (int trailers = 0; !line(deadlineNanos).isEmpty(); trailers++) {
      if (trailers == CHUNK_LINE_MAX) {
        throw new MalformedAnswerException("answered with too many trailers");
      }
    }
    return new HttpReply(head.status(), head.headers(), body, length);
  }

  private byte[] grown(byte[] body, int least) {
    return least <= body.length
        ? body
        : Arrays.copyOf(
            body,
            (int) Math.min(Math.max(least, 2L * body.length), Math.max(least, maxAnswerBytes)));
  }

  private static long chunkSize(String line) throws MalformedAnswerException {
    int extension = line.indexOf(';');
    String digits = (extension < 0 ? line : line.substring(0, extension)).stripTrailing();
    if (!digits.matches("[0-9a-fA-F]{1,8}")) {
      throw new MalformedAnswerException("answered with a chunk size that is no number");
    }
    return Long.parseLong(digits, 16);
  }

  /** The next line without its end, which is CR LF. */
  private String line(long deadlineNanos) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (at == end) {
        at = 0;
        end = 0;
        fill(deadlineNanos);
      }
      char c = (char) (buffer[at++] & 0xff);
      if (c == '\n' && !line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
        line.setLength(line.length() - 1);
        return line.toString();
      }
      if (c == '\n' || line.length() == CHUNK_LINE_MAX) {
        throw new MalformedAnswerException("answered with a broken line between chunks");
      }
      line.append(c);
    }
  }

  private void requireRoom(long bytes) throws MalformedAnswerException {
    if (bytes > maxAnswerBytes) {
      throw new MalformedAnswerException(
          "answered with more than the %d bytes of connections.max-answer"
              .formatted(maxAnswerBytes));
    }
  }

  private void fill(long deadlineNanos) throws IOException {
    end += read(buffer, end, buffer.length - end, deadlineNanos);
  }

  private int read(byte[] into, int from, int most, long deadlineNanos) throws IOException {
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("the deadline has passed");
    }
    socket.setSoTimeout(Math.clamp(TimeUnit.NANOSECONDS.toMillis(left), 1, Integer.MAX_VALUE));
    int got = in.read(into, from, most);
    if (got < 0) {
      throw new EOFException("the server closed the connection");
    }
    return got;
  }
}
