package weir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that each send a request, wait for the answer, pause and go on, of so many units in turn;
 * however slow the machine is, no more requests than clients are under way.
 */
final class SteadyClients implements AutoCloseable {
  private final Queue<ChildGateway.Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicLong sent = new AtomicLong();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean stopped;

  private SteadyClients() {}

  static SteadyClients start(
      ChildGateway gateway, int clients, Duration pause, int units, float input) {
    SteadyClients started = new SteadyClients();
    for (int i = 0; i < clients; i++) {
      started.clients.add(
          Thread.ofVirtual().start(() -> started.send(gateway, pause, units, input)));
    }
    return started;
  }

  private void send(ChildGateway gateway, Duration pause, int units, float input) {
    try {
      while (!stopped) {
        answers.add(gateway.infer("unit-" + sent.getAndIncrement() % units, input));
        LockSupport.parkNanos(pause.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Everything answered since the last call, which is then forgotten. */
  List<ChildGateway.Answer> take() {
    List<ChildGateway.Answer> taken = new ArrayList<>();
    for (ChildGateway.Answer next = answers.poll(); next != null; next = answers.poll()) {
      taken.add(next);
    }
    return taken;
  }

  /** Ends the sending and waits for what is under way. */
  @Override
  public void close() {
    stopped = true;
    for (Thread client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
