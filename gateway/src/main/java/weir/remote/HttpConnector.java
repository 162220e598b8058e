package weir.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import weir.access.Destinations;
import weir.remote.RemoteFailure.Kind;

/**
 * Opens connections to one host, each within the time for connecting and the call's deadline.
 *
 * <p>The host's name is looked up for each, and its addresses are tried in turn; each gets an equal
 * part of the time that is left, so that one that swallows packets leaves some to the next. A
 * lookup cannot be ended: one that outlives its call goes on alone, and the next call waits for the
 * same.
 */
final class HttpConnector {
  /** Timeouts of sockets are whole milliseconds, and so may end this much early. */
  private static final long TIMER_NANOS = 2_000_000;

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** How a name becomes addresses. */
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** How a host is found, and who is trusted to be it. */
  record Way(Supplier<SSLSocketFactory> tls, Lookup lookup) {
    static Way ofTheSystem() {
      return new Way(
          () -> (SSLSocketFactory) SSLSocketFactory.getDefault(), InetAddress::getAllByName);
    }
  }

  private final String host;
  private final int port;
  private final boolean secure;
  private final Duration timeout;
  private final Way way;
  private final ReentrantLock lock = new ReentrantLock();
  private FutureTask<InetAddress[]> lookup;

  HttpConnector(URI base, Duration timeout, Way way) {
    this.secure = "https".equals(base.getScheme());
    this.host = base.getHost().replaceAll("[\\[\\]]", "");
    this.port = base.getPort() >= 0 ? base.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
    this.timeout = timeout;
    this.way = way;
    this.lookup = new FutureTask<>(() -> new InetAddress[0]);
    lookup.cancel(false);
  }

  String name() {
    return host + ":" + port;
  }

  /** A connected socket, which is in {@code open} from its first byte on. */
  TimedSocket connect(Set<TimedSocket> open, long deadlineNanos) throws RemoteFailure {
    long start = System.nanoTime();
    long end = start + Math.min(deadlineNanos - start, timeout.toNanos());
    String why = "it has no address that may be called";
    try {
      InetAddress[] addresses = addresses(end);
      for (int i = 0; i < addresses.length && end - System.nanoTime() > 0; i++) {
        long now = System.nanoTime();
        long part = (end - now) / (addresses.length - i);
        try {
          return connect(addresses[i], open, now + part);
        } catch (IOException e) {
          why = String.valueOf(e.getMessage());
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
      }
    } catch (UnknownHostException e) {
      throw new RemoteFailure(Kind.UNREACHABLE, "has a host name that nobody knows");
    } catch (TimeoutException e) {
      why = "looking up its name takes longer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteFailure(Kind.BROKEN, "was not asked: the call was interrupted");
    }
    long now = System.nanoTime();
    if (deadlineNanos - now < TIMER_NANOS) {
      throw new RemoteFailure(
          Kind.TIMEOUT, "took no connection within the deadline (%s)".formatted(why));
    }
    String within = now - end >= 0 ? " within " + timeout : "";
    throw new RemoteFailure(Kind.UNREACHABLE, "takes no connection%s (%s)".formatted(within, why));
  }

  private InetAddress[] addresses(long end)
      throws UnknownHostException, TimeoutException, InterruptedException {
    try {
      return Stream.of(lookup().get(end - System.nanoTime(), TimeUnit.NANOSECONDS))
          .filter(address -> !Destinations.refused(address))
          .toArray(InetAddress[]::new);
    } catch (ExecutionException e) {
      throw new UnknownHostException(host);
    }
  }

  private FutureTask<InetAddress[]> lookup() {
    lock.lock();
    try {
      if (lookup.isDone()) {
        lookup = new FutureTask<>(() -> way.lookup().addresses(host));
        Thread.ofVirtual().name("lookup-" + host).start(lookup);
      }
      return lookup;
    } finally {
      lock.unlock();
    }
  }

  private TimedSocket connect(InetAddress address, Set<TimedSocket> open, long end)
      throws IOException {
    Socket socket = new Socket();
    boolean done = false;
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      socket.connect(new InetSocketAddress(address, port), millis(end));
      TimedSocket timed = new TimedSocket(socket);
      open.add(timed);
      try {
        secure(timed, socket, end);
        done = true;
        return timed;
      } finally {
        if (!done) {
          open.remove(timed);
        }
      }
    } finally {
      if (!done) {
        TimedSocket.quietly(socket);
      }
    }
  }

  private void secure(TimedSocket timed, Socket socket, long end) throws IOException {
    if (secure) {
      timed.begin(end);
      socket.setSoTimeout(millis(end));
      timed.secure(way.tls().get(), host, port);
      socket.setSoTimeout(0);
      timed.end();
    }
  }

  /** The time left, rounded up: a wait of 0 would have no end. */
  private static int millis(long end) {
    return Math.clamp(
        TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) + 1, 1, Integer.MAX_VALUE);
  }
}
