package weir.remote;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import weir.inference.Variant;
import weir.observation.RemoteReading;

/**
 * Leaves a variant alone for a while when nearly all that it is asked fails.
 *
 * <p>Resilience4j's circuit breaker over the last {@value #WINDOW} requests, from the twentieth on;
 * {@value #TRIALS} trials then say whether it closes again. Has no thread: it half-opens with the
 * first request after its time. A request that it lets pass ends in exactly one of {@link
 * #answered}, {@link #failed} and {@link #ignored}.
 */
final class Breaker {
  private static final Logger LOG = Logger.getLogger(Breaker.class.getName());
  private static final int WINDOW = 100;
  private static final int REQUESTS_MIN = 20;
  private static final int TRIALS = 3;

  private final Variant variant;
  private final CircuitBreaker circuit;
  private final Clock clock;
  private final Duration open;
  private final ReentrantLock noting = new ReentrantLock();
  private volatile State noted;
  private volatile long openedMillis;
  private volatile String lastFailure = "";

  Breaker(Variant variant, ResilienceSettings settings, Clock clock) {
    this.variant = variant;
    this.clock = clock;
    this.open = settings.breakerOpen();
    boolean wanted = settings.breakerFailures() > 0;
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .slidingWindow(WINDOW, REQUESTS_MIN, SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(wanted ? (float) (100 * settings.breakerFailures()) : 100f)
            .slowCallDurationThreshold(Duration.ofDays(1)) // slowness is no failure here
            .waitDurationInOpenState(open)
            .permittedNumberOfCallsInHalfOpenState(TRIALS)
            .writableStackTraceEnabled(false)
            .clock(clock)
            .build();
    circuit = CircuitBreaker.of(variant.toString(), config);
    if (!wanted) {
      circuit.transitionToDisabledState();
    }
    noted = circuit.getState();
  }

  /** Whether a request may be sent now. */
  boolean lets() {
    boolean lets = circuit.tryAcquirePermission();
    note();
    return lets;
  }

  void answered() {
    circuit.onSuccess(0, TimeUnit.NANOSECONDS);
    note();
  }

  void failed(RemoteFailure failure) {
    lastFailure = failure.message();
    circuit.onError(0, TimeUnit.NANOSECONDS, failure);
    note();
  }

  /** Sees a change of state; a listener would cost each success an event with a date. */
  private void note() {
    State now = circuit.getState();
    if (noted == now) {
      return;
    }
    noting.lock();
    try {
      if (noted != now) {
        noted = now;
        changed(now);
      }
    } finally {
      noting.unlock();
    }
  }

  private void changed(State to) {
    if (to == State.OPEN) {
      openedMillis = clock.millis();
      LOG.log(
          Level.WARNING,
          "{0}: the breaker opens for {1}, most requests fail: {2}",
          new Object[] {variant, open, lastFailure});
    } else if (to == State.CLOSED) {
      LOG.log(Level.INFO, "{0}: the breaker closes", variant);
    }
  }

  /** The request says nothing about the variant's health. */
  void ignored() {
    circuit.releasePermission();
  }

  /** Why no request may be sent, and when one may be. */
  String refusal() {
    long left = openedMillis + open.toMillis() - clock.millis();
    String again =
        left > 0 ? "it is tried again in %d ms".formatted(left) : "it is being tried just now";
    return "%s is left alone because most requests to it failed; %s; the last failure: %s"
        .formatted(variant, again, lastFailure);
  }

  RemoteReading.Breaker state() {
    return switch (circuit.getState()) {
      case CLOSED, DISABLED, METRICS_ONLY -> RemoteReading.Breaker.CLOSED;
      case OPEN, FORCED_OPEN -> RemoteReading.Breaker.OPEN;
      case HALF_OPEN -> RemoteReading.Breaker.HALF_OPEN;
    };
  }
}
