package weir.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** One connection; carries one call at a time. */
final class HttpConnection implements AutoCloseable {
  private static final long NOT_WRITING = Long.MAX_VALUE;

  private final Socket socket;
  private final OutputStream out;
  private final HttpReader reader;
  private boolean used;
  private boolean reusable;

  /** Only meaningful while the connection is idle. */
  private volatile long idleSinceNanos;

  private volatile long writeDeadlineNanos = NOT_WRITING;

  HttpConnection(Socket socket, long maxAnswerBytes) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.reader = new HttpReader(socket, maxAnswerBytes);
  }

  /** Throws {@link StaleException} when nothing of an answer came on a connection used before. */
  HttpReply call(HttpWriter writer, HttpCall call, long deadlineNanos)
      throws IOException, StaleException {
    reusable = false;
    boolean before = used;
    used = true;
    try {
      write(writer, call, deadlineNanos);
      reader.first(deadlineNanos);
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
    HttpReply reply = reader.read(deadlineNanos);
    reusable = reader.reusable();
    return reply;
  }

  private void write(HttpWriter writer, HttpCall call, long deadlineNanos) throws IOException {
    writeDeadlineNanos = deadlineNanos;
    try {
      writer.write(out, call);
    } finally {
      writeDeadlineNanos = NOT_WRITING;
    }
  }

  /** Closes the connection when a write has outlived its deadline, which no timeout ends. */
  void endOverdueWrite(long nowNanos) {
    long deadline = writeDeadlineNanos;
    if (deadline != NOT_WRITING && nowNanos - deadline > 0) {
      close();
    }
  }

  /** Whether the next call may go over this connection. */
  boolean reusable() {
    return reusable;
  }

  void rest(long nowNanos) {
    idleSinceNanos = nowNanos;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is given up either way.
      return;
    }
  }

  @Override
  public void close() {
    quietly(socket);
  }
}
