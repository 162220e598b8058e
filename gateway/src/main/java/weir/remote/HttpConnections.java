package weir.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import weir.remote.RemoteFailure.Kind;

/**
 * HTTP/1.1 connections to one host, used again by call after call; bounded, with a queue.
 *
 * <p>The last one used is used next, so that the others grow old and are closed. A connection that
 * the server closed meanwhile shows when it is used: a call that finds one before any byte of its
 * answer is sent once more on a new connection, and never otherwise.
 */
final class HttpConnections implements AutoCloseable, Exchange {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final String host;
  private final int port;
  private final boolean secure;
  private final HttpWriter writer;
  private final ConnectionSettings settings;
  private final LongSupplier nanoTime;
  private final Semaphore free;
  private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
  private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
  private final Thread watch;
  private volatile boolean closed;

  HttpConnections(URI base, Map<String, String> headers, ConnectionSettings settings) {
    this(base, headers, settings, System::nanoTime);
  }

  /** {@code nanoTime} dates idle connections; deadlines are always the system's. */
  HttpConnections(
      URI base, Map<String, String> headers, ConnectionSettings settings, LongSupplier nanoTime) {
    this.secure = "https".equals(base.getScheme());
    this.host = base.getHost().replaceAll("[\\[\\]]", "");
    this.port = base.getPort() >= 0 ? base.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
    this.writer = new HttpWriter(base, headers);
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.free = new Semaphore(settings.max(), true);
    this.watch = Thread.ofVirtual().name("connections-" + host + ":" + port).start(this::watch);
  }

  /** Sends {@code call} and reads the whole answer, whatever its status; follows no redirect. */
  @Override
  public HttpReply exchange(HttpCall call, long deadlineNanos) throws RemoteFailure {
    if (closed) {
      throw failure(Kind.UNREACHABLE, "is no longer configured");
    }
    enter(deadlineNanos);
    try {
      @Nullable HttpConnection kept = young();
      if (kept != null) {
        try {
          return over(kept, call, deadlineNanos);
        } catch (StaleException _) {
          // Closed by the server while it was idle: as if it had not been there.
        }
      }
      return over(connect(deadlineNanos), call, deadlineNanos);
    } catch (StaleException _) {
      throw failure(Kind.BROKEN, "closed the connection without an answer");
    } finally {
      free.release();
    }
  }

  private void enter(long deadlineNanos) throws RemoteFailure {
    if (free.tryAcquire()) {
      return;
    }
    if (free.getQueueLength() >= settings.maxQueued()) {
      throw failure(Kind.BUSY, "has all of its %d connections taken".formatted(settings.max()));
    }
    try {
      if (free.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(Kind.BROKEN, "was not asked: the call was interrupted");
    }
    throw failure(
        Kind.BUSY,
        "had all of its %d connections taken until the deadline".formatted(settings.max()));
  }

  /** The idle connection used last, if it is young enough; the older ones are closed. */
  private @Nullable HttpConnection young() {
    long now = nanoTime.getAsLong();
    for (HttpConnection last = idle.pollFirst(); last != null; last = idle.pollFirst()) {
      if (now - last.idleSinceNanos() < settings.idle().toNanos()) {
        return last;
      }
      discard(last);
    }
    return null;
  }

  private HttpReply over(HttpConnection connection, HttpCall call, long deadlineNanos)
      throws RemoteFailure, StaleException {
    boolean keep = false;
    try {
      HttpReply reply = connection.call(writer, call, deadlineNanos);
      keep = connection.reusable();
      return reply;
    } catch (SocketTimeoutException e) {
      throw failure(Kind.TIMEOUT, "did not answer within the deadline");
    } catch (MalformedAnswerException e) {
      throw failure(Kind.INVALID, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      if (System.nanoTime() - deadlineNanos >= 0) {
        throw failure(Kind.TIMEOUT, "did not take the request within the deadline");
      }
      throw failure(Kind.BROKEN, "broke off the connection before the end of its answer");
    } finally {
      if (keep && !closed) {
        connection.rest(nanoTime.getAsLong());
        idle.addFirst(connection);
        if (closed) {
          close();
        }
      } else {
        discard(connection);
      }
    }
  }

  private HttpConnection connect(long deadlineNanos) throws RemoteFailure {
    long start = System.nanoTime();
    long end = Math.min(deadlineNanos - start, settings.connectTimeout().toNanos()) + start;
    String last = "has no address";
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw failure(Kind.UNREACHABLE, "has a host name that nobody knows");
    }
    for (InetAddress address : addresses) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left < 1) {
        break;
      }
      Socket socket = new Socket();
      try {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        socket.connect(new InetSocketAddress(address, port), (int) left);
        HttpConnection connection =
            new HttpConnection(
                secure ? secured(socket, (int) left) : socket, settings.maxAnswerBytes());
        open.add(connection);
        return connection;
      } catch (SocketTimeoutException e) {
        last = "took no connection within %s".formatted(settings.connectTimeout());
        HttpConnection.quietly(socket);
      } catch (IOException e) {
        last = "takes no connection (%s)".formatted(e.getMessage());
        HttpConnection.quietly(socket);
      }
    }
    if (deadlineNanos - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(1)) {
      throw failure(Kind.TIMEOUT, "took no connection within the deadline");
    }
    throw failure(Kind.UNREACHABLE, last);
  }

  private Socket secured(Socket plain, int millis) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            ((SSLSocketFactory) SSLSocketFactory.getDefault())
                .createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(millis);
    socket.startHandshake();
    return socket;
  }

  private void discard(HttpConnection connection) {
    open.remove(connection);
    connection.close();
  }

  /** Closes what is idle for too long, and what a server does not take within the deadline. */
  private void watch() {
    while (!closed) {
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        return;
      }
      sweep();
    }
  }

  void sweep() {
    long now = System.nanoTime();
    for (HttpConnection connection : open) {
      connection.endOverdueWrite(now);
    }
    long today = nanoTime.getAsLong();
    for (HttpConnection oldest = idle.peekLast();
        oldest != null && today - oldest.idleSinceNanos() >= settings.idle().toNanos();
        oldest = idle.peekLast()) {
      if (idle.removeLastOccurrence(oldest)) {
        discard(oldest);
      }
    }
  }

  private static RemoteFailure failure(Kind kind, String what) {
    return new RemoteFailure(kind, what);
  }

  /** Connections that carry a call now. */
  @Override
  public int active() {
    return settings.max() - free.availablePermits();
  }

  /** Calls that wait for a connection. */
  int waiting() {
    return free.getQueueLength();
  }

  /** Connections that wait for a call. */
  @Override
  public int idle() {
    return idle.size();
  }

  /** Closes idle connections; a running call keeps its own until it ends. */
  @Override
  public void close() {
    closed = true;
    watch.interrupt();
    for (HttpConnection rest = idle.pollFirst(); rest != null; rest = idle.pollFirst()) {
      discard(rest);
    }
  }
}
