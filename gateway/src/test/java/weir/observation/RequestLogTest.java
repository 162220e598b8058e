package weir.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.observation.Observations.STABLE;
import static weir.observation.Observations.TRACE;
import static weir.observation.Observations.answered;
import static weir.observation.Observations.refused;
import static weir.observation.Observations.traced;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;

class RequestLogTest {
  private final AtomicLong nanoTime = new AtomicLong();
  private final RequestLog requests = RequestLog.create(2, nanoTime::get);
  private final LogCapture log = new LogCapture("weir.requests");

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void observe_backendFailure_isOneLineOfJson() throws IOException {
    requests.observe(traced(refused(STABLE, Reason.BACKEND_FAILED, 1_500_000_000), TRACE));

    String line = new JsonLines(() -> "").format(log.records().getFirst());
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.propertyStream().map(Map.Entry::getKey))
        .containsExactly(
            "time",
            "level",
            "logger",
            "message",
            "model",
            "variant",
            "reason",
            "seconds",
            "because",
            "trace_id");
    assertThat(json.path("level").textValue()).isEqualTo("WARNING");
    assertThat(json.path("message").textValue()).isEqualTo("request refused");
    assertThat(json.path("reason").textValue()).isEqualTo("backend_failed");
    assertThat(json.path("seconds").doubleValue()).isEqualTo(1.5);
    assertThat(json.path("trace_id").textValue()).isEqualTo(TRACE);
  }

  @Test
  void observe_answer_isNoLine() {
    requests.observe(answered(STABLE, Source.MODEL, 2, 1));

    assertThat(log.records()).isEmpty();
  }

  @Test
  void observe_manyRefusals_writesSoManyOfEachReasonPerMinute() throws IOException {
    for (int i = 0; i < 10; i++) {
      requests.observe(refused(STABLE, Reason.MALFORMED, 5));
      requests.observe(refused(STABLE, Reason.OVERLOADED, 5));
    }
    nanoTime.set(Duration.ofMinutes(1).toNanos());
    requests.observe(refused(STABLE, Reason.MALFORMED, 5));

    assertThat(log.records())
        .extracting(LogRecord::getLevel)
        .filteredOn(Level.WARNING::equals)
        .hasSize(2);
    assertThat(log.records())
        .extracting(LogRecord::getLevel)
        .filteredOn(Level.INFO::equals)
        .hasSize(3);
    String last = new JsonLines(() -> "").format(log.records().getLast());
    assertThat(new ObjectMapper().readTree(last).path("suppressed").intValue()).isEqualTo(8);
  }
}
