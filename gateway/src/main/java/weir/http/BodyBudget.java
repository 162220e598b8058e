package weir.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all bodies worked on at once, so that the largest bodies from many clients
 * are refused before they fill the heap.
 *
 * <p>A body costs its Content-Length; one that does not tell its length costs what came of it.
 */
final class BodyBudget implements Filter {
  /** A body in work takes up to four times its size: its bytes, its growth, its tensors. */
  private static final int HEAP_SHARE = 4;

  /** What a body costs at first that does not tell its length. */
  private static final long UNKNOWN_BYTES = 8 << 10;

  static final String FULL = "too many bytes of requests at once; try again shortly";

  /** What one request holds of the budget. */
  static final class Charge {
    private final BodyBudget budget;
    private long bytes;

    private Charge(BodyBudget budget) {
      this.budget = budget;
    }

    /** Whether there is room for so many more. */
    boolean take(long more) {
      boolean room = budget.take(more);
      bytes += room ? more : 0;
      return room;
    }
  }

  private final long bodyMaxBytes;
  private final Runnable refused;
  private final AtomicLong leftBytes;

  BodyBudget(long budgetBytes, long bodyMaxBytes, Runnable refused) {
    this.bodyMaxBytes = bodyMaxBytes;
    this.refused = refused;
    this.leftBytes = new AtomicLong(Math.max(budgetBytes, bodyMaxBytes));
  }

  /** A share of the heap; one largest body always fits. */
  static BodyBudget ofHeap(long bodyMaxBytes, Runnable refused) {
    return new BodyBudget(Runtime.getRuntime().maxMemory() / HEAP_SHARE, bodyMaxBytes, refused);
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long cost = cost(request);
    if (cost == 0) {
      chain.proceed();
      return;
    }
    Charge charge = new Charge(this);
    if (charge.take(cost)) {
      request.context().register(charge);
      try {
        chain.proceed();
      } finally {
        leftBytes.addAndGet(charge.bytes);
      }
    } else {
      refused.run();
      Answers.closing(request, response);
      Answers.notReady(response, FULL);
      Answers.closeUnread(request);
    }
  }

  private long cost(RoutingRequest request) {
    if (!request.content().hasEntity()) {
      return 0;
    }
    long length = request.headers().contentLength().orElse(UNKNOWN_BYTES);
    return length > bodyMaxBytes ? 0 : length;
  }

  private boolean take(long cost) {
    if (leftBytes.addAndGet(-cost) >= 0) {
      return true;
    }
    leftBytes.addAndGet(cost);
    return false;
  }
}
