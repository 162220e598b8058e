package weir.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bodies that are still coming, by the address they come from: each holds a place among the
 * requests at once, and one address is not to hold them all.
 */
final class BodiesComing {
  private static final int SHARE = 4;

  private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
  private final int most;

  BodiesComing(int requestsMax) {
    this.most = Math.max(1, requestsMax / SHARE);
  }

  /** The place of one body, until it is there. */
  final class Place implements AutoCloseable {
    private final String address;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Place(String address) {
      this.address = address;
      byAddress.merge(address, 1, Integer::sum);
    }

    /** Whether the address has no more than its share. */
    boolean taken() {
      return byAddress.getOrDefault(address, 0) <= most;
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        byAddress.computeIfPresent(address, (_, held) -> held > 1 ? held - 1 : null);
      }
    }
  }

  Place place(String address) {
    return new Place(address);
  }
}
