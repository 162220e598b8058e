package weir.observation;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;

/** What one variant's cache reports about itself; kept by the cache, safe on any thread. */
public final class CacheMeters {
  private final CounterDataPoint hits;
  private final CounterDataPoint misses;
  private final CounterDataPoint coalesced;
  private final CounterDataPoint evictions;
  private final GaugeDataPoint bytes;

  CacheMeters(
      CounterDataPoint hits,
      CounterDataPoint misses,
      CounterDataPoint coalesced,
      CounterDataPoint evictions,
      GaugeDataPoint bytes) {
    this.hits = hits;
    this.misses = misses;
    this.coalesced = coalesced;
    this.evictions = evictions;
    this.bytes = bytes;
  }

  public void hit() {
    hits.inc();
  }

  public void miss() {
    misses.inc();
  }

  /** A request waited for the same question of another request. */
  public void coalesced() {
    coalesced.inc();
  }

  /** An answer of that size went in. */
  public void stored(long size) {
    bytes.inc((double) size);
  }

  /** An answer of that size was replaced or taken out on purpose. */
  public void removed(long size) {
    bytes.dec((double) size);
  }

  /** An answer of that size had to go: no room, or too old. */
  public void evicted(long size) {
    bytes.dec((double) size);
    evictions.inc();
  }

  long misses() {
    return (long) misses.get();
  }
}
