package weir.notice;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import weir.notice.Post.Outcome;
import weir.observation.NoticeMeters.Result;

/**
 * One webhook: a bounded queue, and a virtual thread that posts one notice after the other.
 *
 * <p>What finds the queue full is dropped and counted. After its end nothing is tried twice.
 */
final class WebhookSink implements Flow.Subscriber<Notice> {
  /** How many wait, and how often each is tried. */
  record Limits(int queueMax, int attemptsMax, Duration backoff) {}

  private static final Logger LOG = System.getLogger(WebhookSink.class.getName());

  private final String name;
  private final Limits limits;
  private final Predicate<Notice> wanted;
  private final Post post;
  private final Consumer<Result> meter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Notice> queue = new ArrayDeque<>();
  private final Thread worker;
  private boolean ended;

  WebhookSink(
      String name, Limits limits, Predicate<Notice> wanted, Post post, Consumer<Result> meter) {
    this.name = name;
    this.limits = limits;
    this.wanted = wanted;
    this.post = post;
    this.meter = meter;
    this.worker = Thread.ofVirtual().name("webhook-" + name).unstarted(this::run);
  }

  WebhookSink start() {
    worker.start();
    return this;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Notice notice) {
    if (!wanted.test(notice)) {
      return;
    }
    lock.lock();
    try {
      if (queue.size() >= limits.queueMax()) {
        meter.accept(Result.DROPPED);
      } else {
        queue.add(notice);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onError(Throwable failure) {
    LOG.log(Level.ERROR, "webhook " + name + " gets no more notices", failure);
    onComplete();
  }

  @Override
  public void onComplete() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      @Nullable Notice notice = next();
      while (notice != null) {
        deliver(notice);
        notice = next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) { // the one catch-all of this thread
      LOG.log(Level.ERROR, "webhook " + name + " failed and gets no more notices", e);
    }
  }

  /** The next to deliver; null after the last. */
  private @Nullable Notice next() throws InterruptedException {
    lock.lock();
    try {
      while (queue.isEmpty() && !ended) {
        changed.await();
      }
      return queue.poll();
    } finally {
      lock.unlock();
    }
  }

  private void deliver(Notice notice) throws InterruptedException {
    byte[] body = notice.toJson().getBytes(StandardCharsets.UTF_8);
    boolean whole = false;
    try {
      whole = delivered(notice, body);
    } finally {
      meter.accept(whole ? Result.SENT : Result.FAILED);
    }
  }

  private boolean delivered(Notice notice, byte[] body) throws InterruptedException {
    Duration pause = limits.backoff();
    for (int attempt = 1; true; attempt++) {
      switch (post.send(body)) {
        case Outcome.Taken _ -> {
          return true;
        }
        case Outcome.Refused refused -> {
          return lost(notice, attempt, refused.why());
        }
        case Outcome.Failed failed -> {
          if (attempt == limits.attemptsMax() || endedWithin(pause)) {
            return lost(notice, attempt, failed.why());
          }
        }
      }
      pause = pause.multipliedBy(2);
    }
  }

  private boolean lost(Notice notice, int attempts, String why) {
    LOG.log(
        Level.WARNING,
        "webhook %s did not take notice %d after %d attempts: %s"
            .formatted(name, notice.id(), attempts, why));
    return false;
  }

  /** Waits that long, or until the end. */
  private boolean endedWithin(Duration pause) throws InterruptedException {
    long nanos = pause.toNanos();
    lock.lock();
    try {
      while (!ended && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the last deliveries; what takes longer is dropped. */
  void finish(long nanos) throws InterruptedException {
    if (!worker.join(Duration.ofNanos(Math.max(1, nanos)))) {
      worker.interrupt();
    }
    lock.lock();
    try {
      while (queue.poll() != null) {
        meter.accept(Result.DROPPED);
      }
    } finally {
      lock.unlock();
    }
  }
}
