package weir.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import weir.observation.GatewayMetrics;
import weir.observation.Scrape;

/** What the management port answers: metrics. */
final class ManagementDoor {
  private final GatewayMetrics metrics;

  ManagementDoor(GatewayMetrics metrics) {
    this.metrics = metrics;
  }

  void metrics(ServerRequest request, ServerResponse response) {
    Scrape scrape = metrics.scrape(request.headers().first(HeaderNames.ACCEPT).orElse(""));
    response.header(HeaderNames.CONTENT_TYPE, scrape.contentType());
    response.send(scrape.body());
  }
}
