package weir.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.notice.Notice;

/**
 * Between a subscription and the thread that writes its stream: at most a few notices wait here.
 *
 * <p>When the subscription ends while the thread is held by a write to a client that does not read,
 * the thread is interrupted, which closes the connection.
 */
final class EventQueue implements Flow.Subscriber<Notice> {
  /** What comes next. */
  sealed interface Next {
    record Event(Notice notice) implements Next {}

    /** Nothing came in the time given. */
    record Silence() implements Next {}

    record End() implements Next {}
  }

  private static final int AHEAD = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Notice> waiting = new ArrayDeque<>(AHEAD);
  private final Thread writer = Thread.currentThread();
  private Flow.@Nullable Subscription subscription;
  private boolean writing;
  private boolean ended;
  private boolean tooSlow;

  @Override
  public void onSubscribe(Flow.Subscription given) {
    lock.lock();
    try {
      subscription = given;
      if (ended) {
        given.cancel();
      }
    } finally {
      lock.unlock();
    }
    given.request(AHEAD);
  }

  @Override
  public void onNext(Notice notice) {
    lock.lock();
    try {
      waiting.add(notice);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(true);
  }

  @Override
  public void onComplete() {
    end(false);
  }

  private void end(boolean slow) {
    lock.lock();
    try {
      ended = true;
      tooSlow = slow;
      changed.signalAll();
      if (writing) {
        writer.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The next notice, or the end after the last, or silence; for the writer. */
  Next next(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lock();
    try {
      while (waiting.isEmpty() && !ended) {
        if (nanos <= 0) {
          return new Next.Silence();
        }
        nanos = changed.awaitNanos(nanos);
      }
      @Nullable Notice notice = waiting.poll();
      if (notice == null) {
        return new Next.End();
      }
      if (subscription != null) {
        subscription.request(1);
      }
      return new Next.Event(notice);
    } finally {
      lock.unlock();
    }
  }

  /** The writer begins or ends a write. */
  void writing(boolean now) {
    lock.lock();
    try {
      writing = now;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the stream ended because its client did not read. */
  boolean tooSlow() {
    lock.lock();
    try {
      return tooSlow;
    } finally {
      lock.unlock();
    }
  }

  /** The writer is gone; from now on it is not interrupted. */
  void leave() {
    lock.lock();
    try {
      ended = true;
      writing = false;
      if (subscription != null) {
        subscription.cancel();
      }
    } finally {
      lock.unlock();
    }
  }
}
