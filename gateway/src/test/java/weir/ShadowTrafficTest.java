package weir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running gateway whose version 2 gets copies of what version 1 answers. */
@Timeout(60)
class ShadowTrafficTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path state;

  @Test
  void shadow_otherModel_isReportedAsDifferentAndAnswersNoOne() throws Exception {
    String models =
        """
        diamond-price:
          routing: {policy: {fixed: "1"}, shadows: [{version: "2", noise-floor: true}]}
        """;
    try (TestGateway gateway = TestGateway.start(TestGateway.REPOSITORY, state, models)) {
      JsonNode shadow = JSON.nullNode();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (shadow.path("answered").asLong() < 10) {
        assertThat(System.nanoTime()).isLessThan(end);
        assertThat(gateway.variantOf("ann")).endsWith("1");
        LockSupport.parkNanos(1_000_000);
        shadow = shadow(gateway);
      }

      assertThat(shadow.path("stable").asText()).isEqualTo("1");
      assertThat(shadow.path("different").asLong()).isEqualTo(shadow.path("answered").asLong());
      assertThat(shadow.at("/noise/max").asDouble()).isZero();
      assertThat(shadow.at("/worst/0/prediction_id").asText()).isNotEmpty();
      assertThat(shadow.at("/worst/0/request_id").asText()).isEqualTo("42");
      assertThat(gateway.management("/metrics").body())
          .contains("weir_shadow_comparisons_total{")
          .doesNotContain(
              "weir_requests_total{model=\"diamond-price\",variant=\"2\",outcome=\"ok\",source=\"model\"} 1");
    }
  }

  private static JsonNode shadow(TestGateway gateway) throws Exception {
    return JSON.readTree(gateway.management("/admin/models/diamond-price/shadows").body())
        .at("/shadows/0");
  }
}
