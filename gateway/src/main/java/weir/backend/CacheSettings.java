package weir.backend;

import java.time.Duration;

/** How much of a variant's answers is kept, and for how long. */
public record CacheSettings(long maxSizeBytes, Duration ttl) {
  public CacheSettings {
    if (maxSizeBytes < 1024) {
      throw new IllegalArgumentException("max-size must be at least 1KiB, not " + maxSizeBytes);
    }
    if (ttl.isNegative() || ttl.isZero()) {
      throw new IllegalArgumentException("ttl must be positive, not " + ttl);
    }
  }

  public static CacheSettings defaults() {
    return new CacheSettings(64L << 20, Duration.ofMinutes(1));
  }
}
