package weir.http;

import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the streams of one HTTP/2 connection, and frees those that wait for a client that is gone.
 *
 * <p>The server's own connection ends without its streams: one whose body has not all come would
 * wait for the rest forever, with its place among the requests and its share of memory. Threads
 * that do anything else are left alone; what a model computes is not to fail for a caller's sake.
 */
final class StreamThreads extends AbstractExecutorService {
  /** Where the server's streams wait for frames. */
  private static final String READING = "readEntityFromPipeline";

  private final ExecutorService threads;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final AtomicInteger left = new AtomicInteger();

  StreamThreads(ExecutorService threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable stream) {
    left.incrementAndGet();
    threads.execute(() -> {
      Thread thread = Thread.currentThread();
      running.add(thread);
      try {
        stream.run();
      } finally {
        running.remove(thread);
        left.decrementAndGet();
      }
    });
  }

  /** Frees those that wait to read; whether no stream is left. */
  boolean release() {
    running.stream().filter(StreamThreads::reads).forEach(Thread::interrupt);
    return left.get() == 0;
  }

  private static boolean reads(Thread thread) {
    if (thread.getState() != Thread.State.WAITING) {
      return false;
    }
    for (StackTraceElement call : thread.getStackTrace()) {
      if (call.getMethodName().equals(READING)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void shutdown() {
    throw new UnsupportedOperationException("the threads are the server's to end");
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw new UnsupportedOperationException("the threads are the server's to end");
  }

  @Override
  public boolean isShutdown() {
    return threads.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return threads.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return threads.awaitTermination(timeout, unit);
  }
}
