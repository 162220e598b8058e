package weir;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;

/**
 * Sends requests at a steady rate, whether earlier ones were answered or not, each of a new unit.
 */
final class OpenLoop implements AutoCloseable {
  private final Queue<ChildGateway.Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicLong sent = new AtomicLong();
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread pace;
  private volatile boolean stopped;

  private OpenLoop(ChildGateway gateway, int perSecond, DoubleSupplier input) {
    pace =
        Thread.ofPlatform()
            .name("pace")
            .start(() -> {
              long begin = System.nanoTime();
              while (!stopped) {
                long number = sent.getAndIncrement();
                LockSupport.parkNanos(
                    begin + number * 1_000_000_000L / perSecond - System.nanoTime());
                float x = (float) input.getAsDouble();
                requests.execute(() -> send(gateway, "unit-" + number, x));
              }
            });
  }

  static OpenLoop start(ChildGateway gateway, int perSecond, DoubleSupplier input) {
    return new OpenLoop(gateway, perSecond, input);
  }

  private void send(ChildGateway gateway, String unit, float x) {
    try {
      answers.add(gateway.infer(unit, x));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Everything answered so far. */
  List<ChildGateway.Answer> answers() {
    return List.copyOf(answers);
  }

  long sent() {
    return sent.get();
  }

  /** Ends the sending and waits for what is in flight. */
  @Override
  public void close() {
    stopped = true;
    try {
      pace.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    requests.close();
  }
}
