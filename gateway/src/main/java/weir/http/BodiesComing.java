package weir.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that are still coming, by the address they come from: each holds a place among the
 * requests at once, and one address is not to hold them all.
 *
 * <p>Addresses are counted in slots by their hash, as in {@code weir.admission}: two in one slot
 * share a share, and nothing is locked.
 */
final class BodiesComing {
  private static final int SHARE = 4;
  private static final int SLOT_BITS = 12;
  private static final int SPREAD = 0x9E3779B9;

  private final AtomicIntegerArray coming = new AtomicIntegerArray(1 << SLOT_BITS);

  /** Nobody outside can tell which addresses share a slot. */
  private final int salt = new Random().nextInt();

  private final int most;

  BodiesComing(int requestsMax) {
    this.most = Math.max(1, requestsMax / SHARE);
  }

  /** The place of one body, until it is there. Used by the request's own thread alone. */
  final class Place implements AutoCloseable {
    private final int slot;
    private final boolean taken;
    private boolean open = true;

    private Place(int slot) {
      this.slot = slot;
      this.taken = coming.incrementAndGet(slot) <= most;
    }

    /** Whether the address had no more than its share. */
    boolean taken() {
      return taken;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        coming.decrementAndGet(slot);
      }
    }
  }

  /** {@code from} is nothing when the client is gone. */
  Place place(@Nullable SocketAddress from) {
    Object host = from instanceof InetSocketAddress internet ? internet.getAddress() : from;
    int hash = (Objects.hashCode(host) ^ salt) * SPREAD;
    return new Place(hash >>> (Integer.SIZE - SLOT_BITS));
  }
}
