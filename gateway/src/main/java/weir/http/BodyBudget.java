package weir.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
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

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long cost = cost(request);
    if (cost == 0) {
      chain.proceed();
      return;
    }
    try (ByteBudget.Charge charge = budget.charge();
        BodiesComing.Place place = coming.place(Attendance.address(request.remotePeer()))) {
      if (place.taken() && charge.take(cost)) {
        request.context().register(charge);
        request.context().register(place);
        chain.proceed();
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
