package weir.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import weir.inference.ModelSignature;
import weir.inference.Variant;

/**
 * Asks a variant's servers, round by round, whether they are ready, and what they serve.
 *
 * <p>One virtual thread; within a round all servers are asked at once. What they serve is asked
 * again when one has come up and every {@link #DESCRIBE_EACH}; where they disagree, the first of
 * the configuration's order counts.
 */
final class Probes implements AutoCloseable {
  static final Duration DESCRIBE_EACH = Duration.ofSeconds(30);
  private static final Logger LOG = Logger.getLogger(Probes.class.getName());
  private static final double JITTER = 0.2;

  private final Variant variant;
  private final HealthSettings settings;
  private final List<Server> servers;
  private final KnownSignature signature;
  private final Runnable changed;
  private final Surroundings surroundings;
  private final CountDownLatch closed = new CountDownLatch(1);
  private long describedNanos;
  private boolean described;
  private volatile String problem = "";

  /** {@code changed} is told after each round. */
  Probes(
      Variant variant,
      HealthSettings settings,
      List<Server> servers,
      KnownSignature signature,
      Runnable changed,
      Surroundings surroundings) {
    this.variant = variant;
    this.settings = settings;
    this.servers = List.copyOf(servers);
    this.signature = signature;
    this.changed = changed;
    this.surroundings = surroundings;
  }

  /** What the last round heard from a server that is not ready; empty when all are. */
  String problem() {
    return problem;
  }

  /** Goes on with rounds of its own until closed; {@code lifetime} says whether one may begin. */
  void start(Lifetime lifetime) {
    Thread.ofVirtual().name("probes-" + variant).start(() -> go(lifetime));
  }

  private void go(Lifetime lifetime) {
    while (!closedWithin(pauseNanos()) && lifetime.enter()) {
      try {
        round(settings.timeout());
      } catch (RuntimeException e) {
        LOG.log(Level.SEVERE, "a round of probes of " + variant + " failed", e);
      } finally {
        lifetime.leave();
      }
    }
  }

  private long pauseNanos() {
    double factor = 1 + JITTER * (2 * surroundings.random().get().nextDouble() - 1);
    return (long) (settings.interval().toNanos() * factor);
  }

  private boolean closedWithin(long nanos) {
    try {
      return closed.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** One round that ends within {@code time}; not on two threads at once. */
  void round(Duration time) {
    long deadline = surroundings.nanoTime().getAsLong() + time.toNanos();
    List<Boolean> before = servers.stream().map(Server::up).toList();
    List<String> problems = all(servers.stream().map(server -> probing(server, deadline)).toList());
    problem = problems.stream().filter(each -> !each.isEmpty()).findFirst().orElse("");
    boolean cameUp = false;
    for (int i = 0; i < servers.size(); i++) {
      boolean up = servers.get(i).up();
      cameUp |= up && !before.get(i);
      if (up != before.get(i)) {
        LOG.log(
            up ? Level.INFO : Level.WARNING,
            "{0}: {1} is {2}",
            new Object[] {variant, servers.get(i).name(), up ? "up" : problems.get(i)});
      }
    }
    if (cameUp || due()) {
      describe(deadline);
    }
    changed.run();
  }

  private boolean due() {
    long since = surroundings.nanoTime().getAsLong() - describedNanos;
    return !described || since >= DESCRIBE_EACH.toNanos();
  }

  private static Callable<String> probing(Server server, long deadline) {
    return () -> {
      try {
        server.endpoint().probe(deadline);
        server.up(true);
        return "";
      } catch (RemoteFailure failure) {
        server.up(false);
        return "%s is not ready: %s".formatted(server.name(), failure.message());
      }
    };
  }

  private void describe(long deadline) {
    List<Callable<Optional<ModelSignature>>> asked = new ArrayList<>();
    for (Server server : servers) {
      if (server.up()) {
        asked.add(() -> said(server, deadline));
      }
    }
    Optional<ModelSignature> first = all(asked).stream().flatMap(Optional::stream).findFirst();
    first.ifPresent(said -> {
      signature.learn(said);
      described = true;
      describedNanos = surroundings.nanoTime().getAsLong();
    });
  }

  private Optional<ModelSignature> said(Server server, long deadline) {
    try {
      return Optional.of(server.endpoint().describe(deadline));
    } catch (RemoteFailure failure) {
      problem = "%s does not say what it serves: %s".formatted(server.name(), failure.message());
      return Optional.empty();
    }
  }

  private static <T> List<T> all(List<Callable<T>> tasks) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> each : threads.invokeAll(tasks)) {
        results.add(each.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while servers were asked", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an endpoint broke its contract", e.getCause());
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
