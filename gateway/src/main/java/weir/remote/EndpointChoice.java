package weir.remote;

import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Which server gets an attempt: of two drawn at random, the one with fewer requests in flight.
 *
 * <p>Mitzenmacher, The Power of Two Choices in Randomized Load Balancing (2001). Drawn among those
 * that are up and not left out; when there is none, the least bad one is tried all the same,
 * because what is known of it may be wrong or old.
 */
final class EndpointChoice {
  private final List<Server> servers;
  private final LongSupplier nanoTime;
  private final Supplier<? extends RandomGenerator> random;
  private final Runnable lastResort;

  /** {@code lastResort} is told of each choice among bad ones. */
  EndpointChoice(
      List<Server> servers,
      LongSupplier nanoTime,
      Supplier<? extends RandomGenerator> random,
      Runnable lastResort) {
    this.servers = List.copyOf(servers);
    this.nanoTime = nanoTime;
    this.random = random;
    this.lastResort = lastResort;
  }

  /** A server that is not among {@code tried} when there is such a one. */
  Server next(List<Server> tried) {
    long now = nanoTime.getAsLong();
    int usable = 0;
    for (Server server : servers) {
      if (server.usable(now) && !tried.contains(server)) {
        usable++;
      }
    }
    if (usable == 0) {
      return leastBad(tried, now);
    }
    if (usable == 1) {
      return usable(0, tried, now);
    }
    int first = random.get().nextInt(usable);
    int other = random.get().nextInt(usable - 1);
    Server one = usable(first, tried, now);
    Server two = usable(other < first ? other : other + 1, tried, now);
    return two.inFlight() < one.inFlight() ? two : one;
  }

  private Server usable(int rank, List<Server> tried, long now) {
    int left = rank;
    for (Server server : servers) {
      if (server.usable(now) && !tried.contains(server) && left-- == 0) {
        return server;
      }
    }
    return leastBad(tried, now); // it changed meanwhile
  }

  private Server leastBad(List<Server> tried, long now) {
    boolean allTried = tried.containsAll(servers);
    Server chosen =
        servers.stream()
            .filter(server -> allTried || !tried.contains(server))
            .min(
                Comparator.comparingLong((Server server) -> Math.max(0, server.leftOutFor(now)))
                    .thenComparing(server -> !server.up())
                    .thenComparingInt(Server::inFlight))
            .orElseThrow();
    if (!chosen.usable(now)) {
      lastResort.run();
    }
    return chosen;
  }
}
