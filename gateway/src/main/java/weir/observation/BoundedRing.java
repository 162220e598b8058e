package weir.observation;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of many producers and one consumer, without locks.
 *
 * <p>A producer takes a ticket from {@code tail} and then fills its slot; the consumer reads slots
 * in the order of tickets and frees a slot before it advances {@code head}. A ticket is given only
 * below {@code head + capacity}, so its slot is empty. Slots are a power of two at least as many as
 * the capacity. (The shape of D. Vyukov's bounded queue, with one consumer.)
 */
final class BoundedRing<T> {
  private final AtomicReferenceArray<@Nullable T> slots;
  private final AtomicLong head = new AtomicLong();
  private final AtomicLong tail = new AtomicLong();
  private final int capacity;
  private final int mask;

  BoundedRing(int capacity) {
    int length = Integer.highestOneBit(Math.max(1, capacity - 1)) << 1;
    this.capacity = capacity;
    this.slots = new AtomicReferenceArray<>(length);
    this.mask = length - 1;
  }

  /** The number of elements before this one, or −1 when there was no room for it. */
  int offer(T element) {
    while (true) {
      long ticket = tail.get();
      long depth = ticket - head.get();
      if (depth >= capacity) {
        return -1;
      }
      if (tail.compareAndSet(ticket, ticket + 1)) {
        slots.set((int) ticket & mask, element);
        return (int) Math.max(0, depth);
      }
    }
  }

  /** The oldest element, or null when there is none yet; for the one consumer. */
  @Nullable T poll() {
    long ticket = head.get();
    int slot = (int) ticket & mask;
    T element = slots.get(slot);
    if (element != null) {
      slots.set(slot, null);
      head.set(ticket + 1);
    }
    return element;
  }

  boolean isEmpty() {
    return depth() == 0;
  }

  /** Elements offered and not yet polled. */
  long depth() {
    return Math.max(0, tail.get() - head.get());
  }
}
