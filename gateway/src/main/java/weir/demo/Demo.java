package weir.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One run of the demo against a gateway that serves already.
 *
 * <p>A run ends with its duration, with {@link #stop}, with an interrupt, or when the gateway has
 * not answered at all for as long as the plan's patience; it prints its summary in each case.
 */
public final class Demo {
  private static final Duration SCRAPE_EVERY = Duration.ofSeconds(1);
  private static final Duration TICK_MAX = Duration.ofMillis(500);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  private final DemoPlan plan;
  private final List<Diamond> diamonds;
  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  private Demo(DemoPlan plan, List<Diamond> diamonds, Terminal terminal, LongSupplier nanoTime) {
    this.plan = plan;
    this.diamonds = diamonds;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /** Reads the plan's diamonds; the message of an {@link IOException} names the file. */
  public static Demo create(DemoPlan plan, Terminal terminal) throws IOException {
    return new Demo(plan, Diamonds.read(plan.diamonds()), terminal, System::nanoTime);
  }

  /** Runs to the end; once. Failures of the gateway are counted, never thrown. */
  public DemoSummary run() {
    Display display =
        terminal.interactive()
            ? new Redraw(terminal, new Screen(plan, terminal.color()))
            : new PlainLines(terminal.out(), plan);
    try (GatewayClient client = new GatewayClient(plan.target())) {
      return run(client, display);
    } finally {
      finished.countDown();
    }
  }

  /** Ends the run from any thread and waits until its summary is printed, 5 s at most. */
  public void stop() {
    stopping.countDown();
    try {
      boolean _ = finished.await(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private DemoSummary run(GatewayClient client, Display display) {
    DemoPlan.Traffic traffic = plan.traffic();
    Scoreboard scoreboard = new Scoreboard(plan.wanted(), traffic.users(), nanoTime);
    Schedule schedule = new Schedule(diamonds, traffic);
    FeedbackSender feedback = new FeedbackSender(client, scoreboard);
    Replay replay = new Replay(schedule, client, scoreboard, feedback, traffic.workers(), nanoTime);
    CacheWatch cache = new CacheWatch(client, plan.target().model(), scoreboard);
    boolean interrupted = false;
    boolean lost = false;
    display.open();
    cache.look();
    List<Thread> beside = new ArrayList<>();
    beside.add(Thread.ofVirtual().name("demo-cache").start(() -> cache.watch(SCRAPE_EVERY)));
    beside.add(Thread.ofVirtual().name("demo-feedback").start(feedback::run));
    plan.story()
        .ifPresent(story -> {
          Story told =
              new Story(
                  story,
                  client,
                  scoreboard,
                  large -> schedule.atLeast(large ? story.largeCarat() : 0));
          beside.add(Thread.ofVirtual().name("demo-story").start(told::run));
        });
    replay.start();
    try {
      lost = show(scoreboard, display);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    interrupted |= !ended(replay, beside);
    cache.look();
    DemoSummary summary = summary(scoreboard.snapshot(), lost);
    display.close(summary.lines());
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return summary;
  }

  /** Shows the run until it is to end; true when the gateway is lost. */
  private boolean show(Scoreboard scoreboard, Display display) throws InterruptedException {
    long start = nanoTime.getAsLong();
    long end = plan.duration().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    long shown = 0;
    while (true) {
      long elapsed = nanoTime.getAsLong() - start;
      long next = Math.min(end, shown + display.interval().toNanos());
      long wait = Math.clamp(next - elapsed, 0, TICK_MAX.toNanos());
      if (stopping.await(wait, TimeUnit.NANOSECONDS)) {
        return false;
      }
      if (scoreboard.silence().compareTo(plan.traffic().patience()) > 0) {
        return true;
      }
      elapsed = nanoTime.getAsLong() - start;
      if (elapsed >= end) {
        return false;
      }
      if (elapsed >= next) {
        shown = elapsed;
        display.show(scoreboard.snapshot());
      }
    }
  }

  private static boolean ended(Replay replay, List<Thread> beside) {
    beside.forEach(Thread::interrupt);
    try {
      for (Thread thread : beside) {
        thread.join();
      }
      replay.stop();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private DemoSummary summary(Snapshot end, boolean lost) {
    List<String> lines = new ArrayList<>(Summary.lines(end));
    if (lost) {
      lines.add(
          "The demo gave up: %s has not answered for %d s. Is the gateway still running?"
              .formatted(plan.target().protocol(), plan.traffic().patience().toSeconds()));
    }
    return new DemoSummary(
        end.totals().answered(), end.totals().failed(), end.totals().unsent(), lost, lines);
  }
}
