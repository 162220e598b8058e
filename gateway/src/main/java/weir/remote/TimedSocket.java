package weir.remote;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A connected socket on which nothing outlives its deadline.
 *
 * <p>A watch calls {@link #endOverdue}, which closes the socket and so ends a read or a write. A
 * socket's own timeout would end no write, over TLS not even a read whose record dribbles in, and
 * costs a timer for each read. It is always the plain socket which is closed: TLS would first say
 * farewell, and wait for a server that does not read.
 */
final class TimedSocket implements AutoCloseable {
  private static final long AT_REST = Long.MAX_VALUE;

  private final Socket plain;
  private InputStream in;
  private OutputStream out;
  private volatile long deadlineNanos = AT_REST;

  TimedSocket(Socket plain) throws IOException {
    this.plain = plain;
    this.in = plain.getInputStream();
    this.out = plain.getOutputStream();
  }

  /** Speaks TLS from here on, with a server that proves to be {@code host}. */
  void secure(SSLSocketFactory factory, String host, int port) throws IOException {
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** From here to {@link #end} the socket is closed soon after the deadline. */
  void begin(long deadlineNanos) {
    this.deadlineNanos = deadlineNanos;
  }

  void end() {
    deadlineNanos = AT_REST;
  }

  /**
   * Closes it when its deadline has passed; else in how many nanoseconds that will be. {@link
   * Long#MAX_VALUE} when there is nothing to wait for.
   */
  long endOverdue(long nowNanos) {
    long deadline = deadlineNanos;
    if (deadline == AT_REST) {
      return Long.MAX_VALUE;
    }
    long left = deadline - nowNanos;
    if (left < 0) {
      close();
      return Long.MAX_VALUE;
    }
    return left + 1;
  }

  void write(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
  }

  /** Reads at least one byte. */
  int read(byte[] into, int from, int most) throws IOException {
    requireTime();
    int got;
    try {
      got = in.read(into, from, most);
    } catch (SocketException e) {
      requireTime();
      throw e;
    }
    if (got < 0) {
      throw new EOFException("the server closed the connection");
    }
    return got;
  }

  private void requireTime() throws SocketTimeoutException {
    if (deadlineNanos - System.nanoTime() <= 0) {
      throw new SocketTimeoutException("the deadline has passed");
    }
  }

  /** Whether bytes came that nobody read; over TLS, of those deciphered already. */
  boolean unread() throws IOException {
    return in.available() > 0;
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
    quietly(plain);
  }
}
