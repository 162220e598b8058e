package weir.http;

import java.util.Optional;
import weir.observation.CutReason;

/**
 * How long a client has kept its connection waiting.
 *
 * <p>The connection's thread notes when a phase or a read begins (two clock readings a request);
 * the watch compares.
 */
final class Patience {
  enum Phase {
    CONNECTED,
    HEADERS,
    SERVING,
    IDLE,
    MULTIPLEXED
  }

  private volatile Phase phase = Phase.CONNECTED;
  private volatile long since = System.nanoTime();
  private volatile long readingSince;

  boolean in(Phase asked) {
    return phase == asked;
  }

  void begin(Phase next) {
    since = System.nanoTime();
    phase = next;
  }

  void reads() {
    readingSince = System.nanoTime();
  }

  void readSome() {
    if (phase == Phase.CONNECTED || phase == Phase.IDLE) {
      begin(Phase.HEADERS);
    }
  }

  void readsNoMore() {
    readingSince = 0;
  }

  /** Why the client has had more time than it may take. */
  Optional<CutReason> late(long now, HttpSettings settings) {
    long reading = readingSince;
    if (reading == 0) {
      return Optional.empty();
    }
    long spent = now - since;
    return switch (phase) {
      case CONNECTED -> CutReason.SLOW_START.when(spent > settings.firstByteTimeout().toNanos());
      case HEADERS -> CutReason.SLOW_HEADERS.when(spent > settings.headerTimeout().toNanos());
      case SERVING ->
          CutReason.SLOW_BODY.when(
              spent > settings.bodyTimeout().toNanos()
                  || now - reading > settings.readTimeout().toNanos());
      case IDLE, MULTIPLEXED -> Optional.empty();
    };
  }

  /** Whether nothing has come for longer than a connection is kept. */
  boolean expired(long now, HttpSettings settings) {
    return (phase == Phase.IDLE || phase == Phase.MULTIPLEXED)
        && waited(now, settings.idleTimeout().toNanos());
  }

  /** Whether a read has taken so long. */
  boolean waited(long now, long nanos) {
    long reading = readingSince;
    return reading != 0 && now - reading >= nanos;
  }
}
