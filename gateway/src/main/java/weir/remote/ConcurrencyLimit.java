package weir.remote;

import io.helidon.common.concurrency.limits.AimdLimit;
import io.helidon.common.concurrency.limits.LimitAlgorithm.Token;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests a variant's servers are given at once, learned from what they do not manage.
 *
 * <p>Helidon's AIMD limit: one more after each answer while at least half of it is in use, a tenth
 * less after each request that ran out of time or found the server busy. It begins at its maximum,
 * so a healthy variant never meets it below that. Nobody waits for it.
 */
final class ConcurrencyLimit {
  private static final int LEAST = 4;
  private static final double BACKOFF = 0.9;

  private final AimdLimit limit;
  private final AtomicInteger inFlight = new AtomicInteger();

  ConcurrencyLimit(int max) {
    limit =
        AimdLimit.builder()
            .initialLimit(max)
            .maxLimit(max)
            .minLimit(Math.min(LEAST, max))
            .backoffRatio(BACKOFF)
            .timeout(Duration.ofDays(1)) // a request's own deadline says what is too late
            .queueLength(0)
            .build();
  }

  /** Room for one request, to be given back by {@link #end}; empty when there is none. */
  Optional<Token> begin() {
    Optional<Token> token = limit.tryAcquire(false);
    if (token.isPresent()) {
      inFlight.incrementAndGet();
    }
    return token;
  }

  /** How a request ended, for what it tells about the room. */
  enum End {
    ANSWERED,
    OVERLOADED,
    /** It tells nothing. */
    OTHER
  }

  void end(Token token, End end) {
    inFlight.decrementAndGet();
    switch (end) {
      case ANSWERED -> token.success();
      case OVERLOADED -> token.dropped();
      case OTHER -> token.ignore();
    }
  }

  int inFlight() {
    return inFlight.get();
  }

  /** The limit now, roughly while requests begin and end. */
  int now() {
    return inFlight() + limit.semaphore().availablePermits();
  }
}
