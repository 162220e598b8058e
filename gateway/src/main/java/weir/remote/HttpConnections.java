package weir.remote;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
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

  private final HttpConnector connector;
  private final HttpWriter writer;
  private final ConnectionSettings settings;
  private final LongSupplier nanoTime;
  private final Semaphore free;
  private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final Set<TimedSocket> open = ConcurrentHashMap.newKeySet();
  private final Thread watch;
  private volatile long nextLookNanos = System.nanoTime();
  private volatile boolean closed;

  HttpConnections(URI base, Map<String, String> headers, ConnectionSettings settings) {
    this(base, headers, settings, System::nanoTime);
  }

  HttpConnections(
      URI base, Map<String, String> headers, ConnectionSettings settings, LongSupplier nanoTime) {
    this(base, headers, settings, nanoTime, HttpConnector.Way.ofTheSystem());
  }

  /** {@code nanoTime} dates idle connections; deadlines are always the system's. */
  HttpConnections(
      URI base,
      Map<String, String> headers,
      ConnectionSettings settings,
      LongSupplier nanoTime,
      HttpConnector.Way way) {
    this.connector = new HttpConnector(base, settings.connectTimeout(), way);
    this.writer = new HttpWriter(base, headers);
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.free = new Semaphore(settings.max(), true);
    this.watch = Thread.ofVirtual().name("connections-" + connector.name()).start(this::watch);
  }

  /** Sends {@code call} and reads the whole answer, whatever its status; follows no redirect. */
  @Override
  public HttpReply exchange(HttpCall call, long deadlineNanos) throws RemoteFailure {
    if (!call.sendable()) {
      throw failure(
          Kind.REFUSED,
          "was not asked: the path or a header has a character that HTTP cannot carry");
    }
    int inside = calls.incrementAndGet();
    try {
      if (closed) {
        throw failure(Kind.UNREACHABLE, "is no longer configured");
      }
      if (inside > settings.max() + settings.maxQueued()) {
        throw failure(Kind.FULL, "has all of its %d connections taken".formatted(settings.max()));
      }
      enter(deadlineNanos);
      try {
        return entered(call, deadlineNanos);
      } finally {
        free.release();
      }
    } finally {
      calls.decrementAndGet();
    }
  }

  /** Waits for one of the connections' permits, in the order of coming. */
  private void enter(long deadlineNanos) throws RemoteFailure {
    try {
      if (!free.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw failure(
            Kind.BUSY,
            "had all of its %d connections taken until the deadline".formatted(settings.max()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(Kind.BROKEN, "was not asked: the call was interrupted");
    }
  }

  private HttpReply entered(HttpCall call, long deadlineNanos) throws RemoteFailure {
    if (deadlineNanos - System.nanoTime() <= 0) {
      throw failure(Kind.TIMEOUT, "was not asked: no time is left");
    }
    try {
      @Nullable HttpConnection kept = young();
      if (kept != null) {
        try {
          return over(kept, call, deadlineNanos);
        } catch (StaleException _) {
          // Closed by the server while it was idle: as if it had not been there.
        }
      }
      return over(fresh(deadlineNanos), call, deadlineNanos);
    } catch (StaleException _) {
      throw failure(Kind.BROKEN, "closed the connection without an answer");
    }
  }

  /** The idle connection used last that is young and silent; the others on the way are closed. */
  private @Nullable HttpConnection young() {
    long now = nanoTime.getAsLong();
    for (HttpConnection last = idle.pollFirst(); last != null; last = idle.pollFirst()) {
      if (now - last.idleSinceNanos() < settings.idle().toNanos() && last.silent()) {
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
      begin(connection.socket(), deadlineNanos);
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
      throw failure(Kind.BROKEN, brokenOff(connection.received()));
    } finally {
      connection.socket().end();
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

  private void begin(TimedSocket socket, long deadlineNanos) {
    socket.begin(deadlineNanos);
    if (deadlineNanos - nextLookNanos < 0) {
      LockSupport.unpark(watch);
    }
  }

  private static String brokenOff(long received) {
    if (Thread.currentThread().isInterrupted()) {
      return "was not heard to the end: the call was interrupted";
    }
    return received == 0
        ? "closed the connection without an answer"
        : "broke off the connection after %d bytes of its answer".formatted(received);
  }

  private HttpConnection fresh(long deadlineNanos) throws RemoteFailure {
    return new HttpConnection(connector.connect(open, deadlineNanos), settings.maxAnswerBytes());
  }

  private void discard(HttpConnection connection) {
    open.remove(connection.socket());
    connection.socket().close();
  }

  /**
   * Closes what is idle for too long, and what outlives its deadline; ends with the last call. When
   * it looks next is told before it looks: a call that it misses sees that, and wakes it.
   */
  private void watch() {
    while (!closed || calls.get() > 0) {
      long now = System.nanoTime();
      nextLookNanos = now + LOOK.toNanos();
      long left = Math.min(LOOK.toNanos(), sweep(now));
      nextLookNanos = now + left;
      LockSupport.parkNanos(left - (System.nanoTime() - now));
      if (Thread.interrupted()) {
        return;
      }
    }
  }

  /** In how many nanoseconds the first of the calls under way is overdue; else the most. */
  long sweep(long now) {
    long first = Long.MAX_VALUE;
    for (TimedSocket socket : open) {
      first = Math.min(first, socket.endOverdue(now));
    }
    long today = nanoTime.getAsLong();
    for (HttpConnection oldest = idle.peekLast();
        oldest != null && today - oldest.idleSinceNanos() >= settings.idle().toNanos();
        oldest = idle.peekLast()) {
      if (idle.removeLastOccurrence(oldest)) {
        discard(oldest);
      }
    }
    return first;
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
    return Math.max(0, calls.get() - active());
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
    for (HttpConnection rest = idle.pollFirst(); rest != null; rest = idle.pollFirst()) {
      discard(rest);
    }
  }
}
