package weir.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.Optional;
import weir.drift.DriftMonitor;
import weir.drift.DriftReport;
import weir.observation.GatewayMetrics;
import weir.observation.Scrape;

/** What the management port answers: metrics, and what has drifted. */
final class ManagementDoor {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
          .build();

  private final GatewayMetrics metrics;
  private final DriftMonitor drift;

  ManagementDoor(GatewayMetrics metrics, DriftMonitor drift) {
    this.metrics = metrics;
    this.drift = drift;
  }

  void metrics(ServerRequest request, ServerResponse response) {
    Scrape scrape = metrics.scrape(request.headers().first(HeaderNames.ACCEPT).orElse(""));
    response.header(HeaderNames.CONTENT_TYPE, scrape.contentType());
    response.send(scrape.body());
  }

  void drift(ServerRequest request, ServerResponse response) throws JsonProcessingException {
    Optional<DriftReport> report = drift.report(Paths.parameter(request, "model"));
    if (report.isEmpty()) {
      Answers.error(
          response,
          Status.NOT_FOUND_404,
          "drift of this model is not watched: it has no baseline (models.<model>.drift.baseline),"
              + " or learns one and was not asked yet");
    } else {
      Answers.json(response, JSON.writeValueAsBytes(report.get()));
    }
  }
}
