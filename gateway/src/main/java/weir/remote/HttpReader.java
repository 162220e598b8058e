package weir.remote;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads answers of HTTP/1.1 from one connection, strictly: what could be read in two ways is no
 * answer. The socket's deadline ends it, so a server that dribbles cannot outlive that.
 */
final class HttpReader {
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int INFORMATIONAL_MAX = 8;
  private static final int FIRST_PART_BYTES = 8 << 10;

  /** Room made for what a server only promises; more is made as it comes. */
  private static final int PROMISED_BYTES = 256 << 10;

  private static final int CHUNK_LINE_MAX = 256;
  private static final int CHUNK_DIGITS_MAX = 8;

  private final TimedSocket socket;
  private final long maxAnswerBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private long received;
  private boolean reusable;

  HttpReader(TimedSocket socket, long maxAnswerBytes) {
    this.socket = socket;
    this.maxAnswerBytes = maxAnswerBytes;
  }

  /** Forgets the last answer, of which nothing is left when it was {@link #reusable}. */
  void begin() {
    at = 0;
    end = 0;
    received = 0;
  }

  /** Waits for the first byte of an answer. */
  void first() throws IOException {
    fill();
  }

  /** Bytes of the answer that came so far. */
  long received() {
    return received;
  }

  /** Reads an answer to its end; head and body are bounded. None to HEAD has a body. */
  HttpReply read(boolean headOnly) throws IOException {
    reusable = false;
    HttpHead head = head();
    for (int i = 0; head.status() < 200; i++) {
      if (i == INFORMATIONAL_MAX || head.status() == 101) {
        throw new MalformedAnswerException("answered status " + head.status());
      }
      head = head();
    }
    if (headOnly || head.bodyless()) {
      reusable = head.keepAlive() && at == end;
      return new HttpReply(head.status(), head.headers(), new byte[0], 0);
    }
    if (head.encoded()) {
      throw new MalformedAnswerException("answered with a Content-Encoding that nobody asked for");
    }
    HttpReply reply;
    if (head.chunked()) {
      reply = chunked(head);
    } else if (head.length() >= 0) {
      reply = counted(head);
    } else {
      reply = toTheEnd(head);
    }
    reusable = head.keepAlive() && at == end && (head.chunked() || head.length() >= 0);
    return reply;
  }

  /** Whether the answer read last leaves the connection fit for another. */
  boolean reusable() {
    return reusable;
  }

  private HttpHead head() throws IOException {
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
      fill();
    }
  }

  private HttpReply counted(HttpHead head) throws IOException {
    requireRoom(head.length());
    int length = (int) head.length();
    int got = Math.min(end - at, length);
    byte[] body = new byte[Math.min(length, got + PROMISED_BYTES)];
    System.arraycopy(buffer, at, body, 0, got);
    at += got;
    while (got < length) {
      if (got == body.length) {
        body = Arrays.copyOf(body, (int) Math.min(length, 2L * got));
      }
      got += read(body, got, body.length - got);
    }
    return new HttpReply(head.status(), head.headers(), body, length);
  }

  private HttpReply toTheEnd(HttpHead head) throws IOException {
    byte[] body = Arrays.copyOfRange(buffer, at, Math.max(end, at + FIRST_PART_BYTES));
    int length = end - at;
    at = end;
    try {
      while (true) {
        if (length == body.length) {
          requireRoom(length + 1L);
          body = grown(body, length + 1);
        }
        length += read(body, length, body.length - length);
      }
    } catch (EOFException _) {
      return new HttpReply(head.status(), head.headers(), body, length);
    }
  }

  private HttpReply chunked(HttpHead head) throws IOException {
    byte[] body = new byte[FIRST_PART_BYTES];
    int length = 0;
    for (long size = chunkSize(); size > 0; size = chunkSize()) {
      requireRoom(length + size);
      int chunkEnd = (int) (length + size);
      while (length < chunkEnd) {
        if (at < end) {
          int part = Math.min(end - at, chunkEnd - length);
          body = grown(body, length + part);
          System.arraycopy(buffer, at, body, length, part);
          at += part;
          length += part;
        } else {
          body = grown(body, Math.min(chunkEnd, length + FIRST_PART_BYTES));
          int room = Math.min(chunkEnd, body.length) - length;
          length += read(body, length, room);
        }
      }
      if (next() != '\r' || next() != '\n') {
        throw new MalformedAnswerException("answered with a chunk longer than it said");
      }
    }
    int trailers = 0;
    while (!line()) {
      if (++trailers == CHUNK_LINE_MAX) {
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

  /** The size at the start of a chunk; what may follow it in its line means nothing here. */
  private long chunkSize() throws IOException {
    long size = 0;
    int digits = 0;
    while (true) {
      int c = next();
      int digit = Character.digit(c, 16);
      if (digit >= 0 && digits < CHUNK_DIGITS_MAX) {
        size = size << 4 | digit;
        digits++;
      } else if (digits > 0 && (c == '\r' || c == ';' || c == ' ' || c == '\t')) {
        at--;
        line();
        return size;
      } else {
        throw new MalformedAnswerException("answered with a chunk size that is no number");
      }
    }
  }

  /** Skips to behind the next CR LF; whether nothing stood before it. */
  private boolean line() throws IOException {
    for (int length = 0; length <= CHUNK_LINE_MAX; length++) {
      int c = next();
      if (c == '\r') {
        if (next() == '\n') {
          return length == 0;
        }
        break;
      }
      if (HttpHead.control(c)) {
        break;
      }
    }
    throw new MalformedAnswerException("answered with a broken line between chunks");
  }

  private int next() throws IOException {
    if (at == end) {
      at = 0;
      end = 0;
      fill();
    }
    return buffer[at++] & 0xff;
  }

  private void requireRoom(long bytes) throws MalformedAnswerException {
    if (bytes > maxAnswerBytes) {
      throw new MalformedAnswerException(
          "answered with more than the %d bytes of connections.max-answer"
              .formatted(maxAnswerBytes));
    }
  }

  private void fill() throws IOException {
    end += read(buffer, end, buffer.length - end);
  }

  private int read(byte[] into, int from, int most) throws IOException {
    int got = socket.read(into, from, most);
    received += got;
    return got;
  }
}
