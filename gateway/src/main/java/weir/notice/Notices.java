package weir.notice;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The last notices, and everyone who waits for the next. Safe on any thread.
 *
 * <p>Notices lie in one ring; a subscriber is a place in it, and a virtual thread that hands on
 * what the subscriber asked for. So {@link #publish} costs the same however slow a subscriber is:
 * one that the ring overtakes gets {@link SlowSubscriberException} and can resume from its last id.
 * Ids begin at the millisecond of the start, so that an id from before a restart is older than all
 * that is kept.
 */
public final class Notices implements Flow.Publisher<Notice>, AutoCloseable {
  private static final Logger LOG = System.getLogger(Notices.class.getName());

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final @Nullable Notice[] ring;
  private final long first;
  private long next;
  private boolean closed;

  Notices(int keptMax, InstantSource clock) {
    this.clock = clock;
    ring = new Notice[keptMax];
    first = clock.millis();
    next = first;
  }

  /** No notices yet; the last ones are kept as {@code settings} say. */
  public static Notices create(NoticeSettings settings, InstantSource clock) {
    return new Notices(settings.keptMax(), clock);
  }

  /** Tells everyone; returns at once, with the notice as it was numbered. */
  public Notice publish(Notice notice) {
    lock.lock();
    try {
      Notice numbered = notice.numbered(next);
      ring[slot(next)] = numbered;
      next++;
      changed.signalAll();
      return numbered;
    } finally {
      lock.unlock();
    }
  }

  /** Hands on every notice from now on. */
  @Override
  public void subscribe(Flow.Subscriber<? super Notice> subscriber) {
    start(subscriber, OptionalLong.empty());
  }

  /**
   * The notices after the one of that id. When some of them are no longer kept, a notice of the
   * type {@link Notice#MISSED} comes first.
   */
  public Flow.Publisher<Notice> after(long id) {
    return subscriber -> start(subscriber, OptionalLong.of(id));
  }

  private void start(Flow.Subscriber<? super Notice> subscriber, OptionalLong after) {
    lock.lock();
    try {
      Reader reader = new Reader(subscriber);
      if (after.isPresent()) {
        reader.resume(after.getAsLong());
      }
      Thread.ofVirtual().name("notices").start(reader);
    } finally {
      lock.unlock();
    }
  }

  private long oldest() {
    return Math.max(first, next - ring.length);
  }

  private int slot(long id) {
    return (int) (id % ring.length);
  }

  /** Ends every subscription, those to come as well; what was asked for is still handed on. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private sealed interface Step {
    record Tell(Notice notice) implements Step {}

    record Fail(RuntimeException why) implements Step {}

    record Complete() implements Step {}

    record Stop() implements Step {}
  }

  /** One subscriber's place in the ring; its fields are guarded by the lock. */
  private final class Reader implements Flow.Subscription, Runnable {
    private final Flow.Subscriber<? super Notice> subscriber;
    private long place = next;
    private @Nullable Notice missed;
    private long demand;
    private boolean invalid;
    private boolean cancelled;

    Reader(Flow.Subscriber<? super Notice> subscriber) {
      this.subscriber = subscriber;
    }

    /** Goes back to what follows {@code id}; an id that was never given counts as too old. */
    void resume(long id) {
      long oldest = oldest();
      if (id >= oldest - 1 && id < next) {
        place = id + 1;
        return;
      }
      place = oldest;
      missed =
          new Notice(
              oldest - 1,
              clock.instant(),
              Notice.MISSED,
              "",
              "",
              "notices were missed: those after %d and before %d are not kept"
                  .formatted(id, oldest),
              "{\"after\":%d,\"before\":%d}".formatted(id, oldest));
    }

    @Override
    public void request(long more) {
      lock.lock();
      try {
        invalid |= more <= 0;
        demand = demand + more < 0 ? Long.MAX_VALUE : demand + more;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        cancelled = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void run() {
      try {
        subscriber.onSubscribe(this);
        boolean live = true;
        while (live) {
          live = handOn(await());
        }
      } catch (RuntimeException e) { // the one catch-all of this thread
        cancel();
        LOG.log(Level.ERROR, "a subscriber to notices failed and is dropped", e);
      }
    }

    private boolean handOn(Step step) {
      switch (step) {
        case Step.Tell tell -> subscriber.onNext(tell.notice());
        case Step.Fail fail -> subscriber.onError(fail.why());
        case Step.Complete _ -> subscriber.onComplete();
        case Step.Stop _ -> {}
      }
      return step instanceof Step.Tell;
    }

    private Step await() {
      lock.lock();
      try {
        while (true) {
          if (cancelled) {
            return new Step.Stop();
          } else if (invalid) {
            return new Step.Fail(new IllegalArgumentException("request at least one notice"));
          } else if (place < oldest()) {
            return new Step.Fail(new SlowSubscriberException(place - 1));
          } else if (demand > 0 && (missed != null || place < next)) {
            return new Step.Tell(take());
          } else if (closed) {
            return new Step.Complete();
          }
          changed.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }

    private Notice take() {
      if (demand < Long.MAX_VALUE) {
        demand--;
      }
      @Nullable Notice before = missed;
      if (before != null) {
        missed = null;
        return before;
      }
      return requireNonNull(ring[slot(place++)]);
    }
  }
}
