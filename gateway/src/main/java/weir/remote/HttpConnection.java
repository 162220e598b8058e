package weir.remote;

import java.io.IOException;
import java.net.SocketTimeoutException;

/** One connection; carries one call at a time. */
final class HttpConnection {
  private final TimedSocket socket;
  private final HttpReader reader;
  private boolean used;
  private boolean reusable;

  /** Only meaningful while the connection is idle. */
  private volatile long idleSinceNanos;

  HttpConnection(TimedSocket socket, long maxAnswerBytes) {
    this.socket = socket;
    this.reader = new HttpReader(socket, maxAnswerBytes);
  }

  /** Throws {@link StaleException} when nothing of an answer came on a connection used before. */
  HttpReply call(HttpWriter writer, HttpCall call, long deadlineNanos)
      throws IOException, StaleException {
    reusable = false;
    boolean before = used;
    used = true;
    boolean whole = begin(writer, call, before, deadlineNanos);
    HttpReply reply = reader.read(call.method().equals("HEAD"));
    reusable = whole && reader.reusable();
    return reply;
  }

  /** Sends the call and waits for the first byte of its answer; whether all of it was sent. */
  private boolean begin(HttpWriter writer, HttpCall call, boolean before, long deadlineNanos)
      throws IOException, StaleException {
    try {
      reader.begin();
      boolean whole = write(writer, call);
      reader.first();
      return whole;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      if (before
          && System.nanoTime() - deadlineNanos < 0
          && !Thread.currentThread().isInterrupted()) {
        throw new StaleException();
      }
      throw e;
    }
  }

  private boolean write(HttpWriter writer, HttpCall call) throws IOException {
    try {
      writer.write(socket, call);
      return true;
    } catch (IOException e) {
      // A server may answer, and close, before it has read what it does not want.
      if (socket.unread()) {
        return false;
      }
      throw e;
    }
  }

  /** Whether the next call may go over this connection. */
  boolean reusable() {
    return reusable;
  }

  /** Bytes of the answer that came so far. */
  long received() {
    return reader.received();
  }

  /**
   * Whether nothing came while it was idle, which would be taken for the next call's answer. It
   * costs one system call; that a server closed it shows only in use.
   */
  boolean silent() {
    try {
      return !socket.unread();
    } catch (IOException e) {
      return false;
    }
  }

  void rest(long nowNanos) {
    idleSinceNanos = nowNanos;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  TimedSocket socket() {
    return socket;
  }
}
