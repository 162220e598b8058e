package weir.notice;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A subscriber that keeps what it was told, and asks for more only when a test does. */
final class Collected implements Flow.Subscriber<Notice> {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final List<Notice> notices = new CopyOnWriteArrayList<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
  }

  @Override
  public void onNext(Notice notice) {
    notices.add(notice);
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(String.valueOf(failure.getMessage()));
  }

  @Override
  public void onComplete() {
    end.complete("complete");
  }

  Collected request(long more) throws Exception {
    subscription.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).request(more);
    return this;
  }

  /** The words of the first {@code count} notices, once they are there. */
  List<String> words(int count) {
    await(() -> notices.size() >= count);
    return notices.stream().map(Notice::words).toList();
  }

  List<Notice> notices() {
    return notices;
  }

  /** How it ended: {@code complete}, or the message of the failure. */
  String end() throws Exception {
    return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + PATIENCE);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
