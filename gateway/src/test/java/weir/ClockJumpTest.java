package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock an hour ahead or back, under a gateway that serves and takes feedback. */
class ClockJumpTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String MODELS =
      """
      diamond-price:
        routing: {sticky: {by-header: x-user-id}, policy: {split: {"1": 50, "2": 50}}}
        experiment: {label-window: 2h}
      """;

  @TempDir private Path state;
  private final HandClock clock = new HandClock(Instant.parse("2027-03-01T12:00:00Z"));

  private static HttpResponse<String> ask(TestGateway gateway) throws Exception {
    HttpResponse<String> answer =
        gateway.post(TestGateway.INFER, TestGateway.STONE, "x-user-id", "ada");
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }

  private static String id(HttpResponse<String> answer) {
    return answer.headers().firstValue("weir-prediction-id").orElseThrow();
  }

  private static HttpResponse<String> feedback(TestGateway gateway, String id) throws Exception {
    return gateway.post(
        "/v2/models/diamond-price/feedback", "{\"id\": \"%s\", \"actual\": 1}".formatted(id));
  }

  @Test
  void infer_whileTheClockJumps_keepsTheVariantAndEachIdIsNew() throws Exception {
    try (TestGateway gateway = TestGateway.start(TestGateway.REPOSITORY, state, MODELS, clock)) {
      Set<String> ids = new HashSet<>();
      Set<String> variants = new HashSet<>();
      for (Duration jump : new Duration[] {Duration.ZERO, HOUR, HOUR.negated(), HOUR.negated()}) {
        clock.passes(jump);
        HttpResponse<String> answer = ask(gateway);
        ids.add(id(answer));
        variants.add(answer.headers().firstValue("weir-variant").orElse(""));
      }

      assertThat(ids).hasSize(4);
      assertThat(variants).hasSize(1);
    }
  }

  @Test
  void feedback_clockAnHourAhead_isTakenWithinTheLabelWindow() throws Exception {
    try (TestGateway gateway = TestGateway.start(TestGateway.REPOSITORY, state, MODELS, clock)) {
      String id = id(ask(gateway));
      clock.passes(HOUR);

      assertThat(feedback(gateway, id).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void feedback_clockAnHourBack_isToldWhyAndTakenWhenTheClockIsRightAgain() throws Exception {
    try (TestGateway gateway = TestGateway.start(TestGateway.REPOSITORY, state, MODELS, clock)) {
      String id = id(ask(gateway));
      clock.passes(HOUR.negated());

      HttpResponse<String> early = feedback(gateway, id);
      assertThat(early.statusCode()).isEqualTo(503);
      assertThat(early.body()).contains("lies ahead of this gateway's clock");

      clock.passes(HOUR);
      assertThat(feedback(gateway, id).statusCode()).isEqualTo(200);
    }
  }
}
