package weir.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Sends the schedule's requests from a fixed set of virtual threads and tells the scoreboard.
 *
 * <p>A request that had to wait for a free worker is timed from when it was due, so a slow gateway
 * cannot hide behind its own slowness. A request more than {@link #LATE_MAX} late is not sent but
 * counted.
 */
final class Replay {
  private static final Duration LATE_MAX = Duration.ofMillis(250);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Schedule schedule;
  private final GatewayClient client;
  private final Scoreboard scoreboard;
  private final FeedbackSender feedback;
  private final int workers;
  private final LongSupplier nanoTime;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  Replay(
      Schedule schedule,
      GatewayClient client,
      Scoreboard scoreboard,
      FeedbackSender feedback,
      int workers,
      LongSupplier nanoTime) {
    this.schedule = schedule;
    this.client = client;
    this.scoreboard = scoreboard;
    this.feedback = feedback;
    this.workers = workers;
    this.nanoTime = nanoTime;
  }

  void start() {
    long start = nanoTime.getAsLong();
    for (int i = 1; i <= workers; i++) {
      threads.add(Thread.ofVirtual().name("demo-user-" + i).start(() -> work(start)));
    }
  }

  /** Ends the load; requests under way get a moment to finish, then count as failed. */
  void stop() throws InterruptedException {
    stopped.countDown();
    long end = nanoTime.getAsLong() + GRACE.toNanos();
    for (Thread thread : threads) {
      thread.join(Duration.ofNanos(Math.max(0, end - nanoTime.getAsLong())));
    }
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join(GRACE);
    }
  }

  private void work(long start) {
    try {
      while (stopped.getCount() > 0) {
        Schedule.Turn turn = schedule.next();
        long due = start + turn.dueNanos();
        long early = due - nanoTime.getAsLong();
        if (early < -LATE_MAX.toNanos()) {
          scoreboard.unsent();
        } else if (early <= 0) {
          send(turn, due);
        } else if (!stopped.await(early, TimeUnit.NANOSECONDS)) {
          send(turn, nanoTime.getAsLong());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(Schedule.Turn turn, long begun) throws InterruptedException {
    try {
      Reply reply = client.price(turn.diamond(), "user-" + turn.user());
      scoreboard.record(turn, reply, nanoTime.getAsLong() - begun);
      if (reply instanceof Reply.Priced priced) {
        feedback.tell(priced, turn.diamond().price());
      }
    } catch (InterruptedException e) {
      unanswered(turn, "no answer when the demo ended", begun);
      throw e;
    } catch (RuntimeException e) {
      unanswered(turn, "the demo itself failed: " + e, begun);
    }
  }

  private void unanswered(Schedule.Turn turn, String message, long begun) {
    scoreboard.record(turn, new Reply.Failed("", message, false), nanoTime.getAsLong() - begun);
  }
}
