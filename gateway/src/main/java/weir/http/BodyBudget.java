package weir.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;
import weir.serving.ByteBudget;

/**
 * Refuses bodies that the budget has no room for, and more slow ones from one address than its
 * share.
 *
 * <p>A body costs its Content-Length; one that does not tell its length costs what came of it.
 */
record BodyBudget(ByteBudget budget, BodiesComing coming, long bodyMaxBytes, Runnable refused)
    implements Filter {
  /** What a body costs at first that does not tell its length. */
  private static final long UNKNOWN_BYTES = 8 << 10;

  static final String FULL = "too many bytes of requests at once; try again shortly";

  private static final ScopedValue<Held> HELD = ScopedValue.newInstance();

  /** What a request with a body holds until it is answered, and what until its body is there. */
  record Held(ByteBudget.Charge charge, BodiesComing.Place place) {}

  /**
   * What the request of this thread holds; the server's own context of a request costs a
   * microsecond.
   */
  static Optional<Held> held() {
    return HELD.isBound() ? Optional.of(HELD.get()) : Optional.empty();
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long cost = cost(request);
    if (cost == 0) {
      chain.proceed();
      return;
    }
    try (ByteBudget.Charge charge = budget.charge();
        BodiesComing.Place place = coming.place(request.remotePeer().address())) {
      if (place.taken() && charge.take(cost)) {
        ScopedValue.where(HELD, new Held(charge, place)).run(chain::proceed);
        return;
      }
    }
    refused.run();
    Answers.closing(request, response);
    Answers.notReady(response, FULL);
    Answers.closeUnread(request);
  }

  private long cost(RoutingRequest request) {
    if (!request.content().hasEntity()) {
      return 0;
    }
    long length = request.headers().contentLength().orElse(UNKNOWN_BYTES);
    return length > bodyMaxBytes ? 0 : length;
  }
}
