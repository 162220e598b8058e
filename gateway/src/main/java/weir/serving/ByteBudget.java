package weir.serving;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all requests under way at every door together, so that the largest from many
 * clients are refused before they fill the heap.
 */
public final class ByteBudget {
  /**
   * A request takes up to four times its size: its bytes, their growth, its message, its tensors.
   */
  private static final int HEAP_SHARE = 5;

  /** What one request holds of the budget; given back at its end. */
  public final class Charge implements AutoCloseable {
    private final AtomicLong held = new AtomicLong();

    private Charge() {}

    /** Whether there is room for so many more. */
    public boolean take(long bytes) {
      if (left.addAndGet(-bytes) < 0) {
        left.addAndGet(bytes);
        return false;
      }
      held.addAndGet(bytes);
      return true;
    }

    @Override
    public void close() {
      left.addAndGet(held.getAndSet(0));
    }
  }

  private final AtomicLong left;

  public ByteBudget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** A share of the heap; one request of the largest size always fits. */
  public static ByteBudget ofHeap(long largestBytes) {
    return new ByteBudget(Math.max(Runtime.getRuntime().maxMemory() / HEAP_SHARE, largestBytes));
  }

  public Charge charge() {
    return new Charge();
  }
}
