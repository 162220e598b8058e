package weir.oip;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Jackson's buffers between two documents. A connection's thread finds what it gave back, and no
 * lock is taken; Jackson's own bounded pool takes one each time, which all threads share.
 */
final class BufferPool implements RecyclerPool<BufferRecycler> {
  private static final long serialVersionUID = 1L;
  private static final int PLACES = 256;

  private final transient AtomicReferenceArray<BufferRecycler> places =
      new AtomicReferenceArray<>(PLACES);

  @Override
  public BufferRecycler acquirePooled() {
    int place = ownPlace();
    BufferRecycler kept = places.getPlain(place) == null ? null : places.getAndSet(place, null);
    return kept == null ? new BufferRecycler() : kept;
  }

  /** What it displaces is left to the garbage collector. */
  @Override
  public void releasePooled(BufferRecycler pooled) {
    places.setRelease(ownPlace(), pooled);
  }

  private static int ownPlace() {
    return (int) Thread.currentThread().threadId() & (PLACES - 1);
  }
}
