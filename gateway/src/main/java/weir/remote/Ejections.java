package weir.remote;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import weir.inference.Variant;
import weir.remote.RemoteFailure.Kind;

/**
 * Leaves out servers that fail where others do not.
 *
 * <p>After {@code ejectAfter} failures in a row a server is left out for {@code ejectFor}, and for
 * one {@code ejectFor} more each time that it comes back only to fail again, up to ten. Never more
 * than half of the servers are, so a single one never is: when all fail, the breaker's judgement is
 * asked for, not this. A server that is busy and says for how long is left alone that long.
 */
final class Ejections {
  private static final Logger LOG = Logger.getLogger(Ejections.class.getName());
  private static final int FACTOR_MAX = 10;

  private final Variant variant;
  private final List<Server> servers;
  private final int after;
  private final long nanos;
  private final LongSupplier nanoTime;
  private final ReentrantLock ejecting = new ReentrantLock();
  private final Map<Server, Integer> factors = new HashMap<>();

  Ejections(
      Variant variant, List<Server> servers, ResilienceSettings settings, LongSupplier nanoTime) {
    this.variant = variant;
    this.servers = List.copyOf(servers);
    this.after = settings.ejectAfter();
    this.nanos = settings.ejectFor().toNanos();
    this.nanoTime = nanoTime;
  }

  void failed(Server server, Kind kind, Duration retryAfter) {
    switch (kind) {
      case UNREACHABLE, TIMEOUT, BROKEN, FAILED, INVALID -> count(server);
      case BUSY -> {
        if (retryAfter.isPositive()) {
          server.rest(nanoTime.getAsLong() + retryAfter.toNanos());
        }
      }
      case FULL -> {}
      case REFUSED -> server.succeeded(); // it works, and says no
    }
  }

  private void count(Server server) {
    if (server.failed() >= after && servers.size() > 1) {
      ejecting.lock();
      try {
        eject(server, nanoTime.getAsLong());
      } finally {
        ejecting.unlock();
      }
    }
  }

  private void eject(Server server, long now) {
    long out = servers.stream().filter(other -> other.ejected(now)).count();
    if (server.ejected(now) || (out + 1) * 2 > servers.size()) {
      return;
    }
    int last = factors.getOrDefault(server, 0);
    boolean relapse = last > 0 && now - server.ejectedUntil() < last * nanos;
    int factor = relapse ? Math.min(last + 1, FACTOR_MAX) : 1;
    factors.put(server, factor);
    server.eject(now + factor * nanos);
    LOG.log(
        Level.WARNING,
        "{0} leaves out {1} for {2}: {3} attempts in a row failed",
        new Object[] {variant, server.name(), Duration.ofNanos(factor * nanos), after});
  }
}
