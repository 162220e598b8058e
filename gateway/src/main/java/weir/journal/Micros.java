package weir.journal;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Instants as they are stored: microseconds since 1970, rounded down. */
final class Micros {
  private static final long PER_SECOND = 1_000_000;
  private static final long NANOS_EACH = 1_000;
  private static final long SECONDS_MAX = Long.MAX_VALUE / PER_SECOND - 1;

  private Micros() {}

  /** Of an instant beyond what can be stored, the last that can. */
  static long of(Instant instant) {
    if (Math.abs(instant.getEpochSecond()) > SECONDS_MAX) {
      return TimeUnit.SECONDS.toMicros(instant.getEpochSecond());
    }
    return instant.getEpochSecond() * PER_SECOND + instant.getNano() / NANOS_EACH;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * NANOS_EACH);
  }

  /** The instant as it will be read back. */
  static Instant kept(Instant instant) {
    return instant(of(instant));
  }
}
