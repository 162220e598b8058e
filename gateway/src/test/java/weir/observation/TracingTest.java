package weir.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.inference.Headers;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.routing.Assignment;
import weir.routing.Because;

@Timeout(120)
class TracingTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final String UNSAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-00";
  private static final Assignment SPLIT = new Assignment("2", 0.25, 7, Because.SPLIT, 42);
  private static final Outcome ANSWERED = Outcome.of(Source.MODEL);
  private static final int SERVER = 2;
  private static final int CLIENT = 3;
  private static final int ERROR = 2;

  private final LongAdder dropped = new LongAdder();
  private final Random random = new Random(11);

  @Test
  void end_sampledRequest_sendsItsTreeToTheCollector() throws IOException {
    try (OtlpReceiver collector = new OtlpReceiver(200)) {
      Map<String, String> outgoing = new HashMap<>();
      String answer;
      try (Tracing tracing = tracing(collector.endpoint(), 0);
          RequestSpan span = tracing.begin(caller(SAMPLED), "infer")) {
        answer = span.traceparent();
        span.assigned("fraud", SPLIT);
        try (Stage cache = tracing.stage("cache")) {
          cache.result("miss");
          try (Stage backend = tracing.call("backend")) {
            tracing.propagate(outgoing::put);
            backend.failed("timeout");
          }
        }
        try (Stage after = tracing.stage("after")) {
          after.result("ok");
        }
        span.end(Outcome.of(Reason.BACKEND_TIMEOUT));
      }

      OtlpReceiver.Span server = collector.span("infer");
      OtlpReceiver.Span cache = collector.span("cache");
      OtlpReceiver.Span backend = collector.span("backend");
      assertThat(collector.spans()).hasSize(4).allMatch(span -> span.traceId().equals(TRACE));
      assertThat(collector.requests()).allMatch("POST /v1/traces application/x-protobuf"::equals);
      assertThat(collector.resource())
          .containsEntry("service.name", "weir")
          .containsEntry("service.version", "0.1.0");
      assertThat(server.parentId()).isEqualTo("00f067aa0ba902b7");
      assertThat(server.kind()).isEqualTo(SERVER);
      assertThat(server.status()).isEqualTo(ERROR);
      assertThat(server.attributes())
          .containsEntry("weir.model", "fraud")
          .containsEntry("weir.variant", "2")
          .containsEntry("weir.because", "split")
          .containsEntry("error.type", "backend_timeout");
      assertThat(server.events())
          .singleElement()
          .satisfies(event -> {
            assertThat(event.name()).isEqualTo("feature_flag.evaluation");
            assertThat(event.attributes())
                .containsEntry("feature_flag.key", "fraud")
                .containsEntry("feature_flag.result.variant", "2")
                .containsEntry("feature_flag.result.reason", "split")
                .containsEntry("feature_flag.version", "7");
          });
      assertThat(cache.parentId()).isEqualTo(server.spanId());
      assertThat(cache.attributes()).containsEntry("weir.result", "miss");
      assertThat(backend.parentId()).isEqualTo(cache.spanId());
      assertThat(backend.kind()).isEqualTo(CLIENT);
      assertThat(backend.status()).isEqualTo(ERROR);
      assertThat(collector.span("after").parentId()).isEqualTo(server.spanId());
      assertThat(answer).isEqualTo("00-" + TRACE + "-" + server.spanId() + "-01");
      assertThat(outgoing)
          .containsEntry("traceparent", "00-" + TRACE + "-" + backend.spanId() + "-01")
          .containsEntry("tracestate", "vendor=x");
      assertThat(dropped.sum()).isZero();
    }
  }

  @Test
  void begin_unsampledCaller_recordsNothingAndPassesTheContextOn() throws IOException {
    try (OtlpReceiver collector = new OtlpReceiver(200)) {
      Map<String, String> outgoing = new HashMap<>();
      try (Tracing tracing = tracing(collector.endpoint(), 1);
          RequestSpan span = tracing.begin(caller(UNSAMPLED), "infer")) {
        span.assigned("fraud", SPLIT);
        try (Stage stage = tracing.stage("cache")) {
          stage.result("hit");
        }
        tracing.propagate(outgoing::put);

        assertThat(span.traceId()).isEmpty();
        assertThat(span.traceparent()).isEqualTo(UNSAMPLED);
        span.end(ANSWERED);
      }

      assertThat(collector.spans()).isEmpty();
      assertThat(outgoing).isEqualTo(Map.of("traceparent", UNSAMPLED, "tracestate", "vendor=x"));
    }
  }

  @Test
  void begin_noCaller_samplesByRatio() throws IOException {
    try (OtlpReceiver collector = new OtlpReceiver(200)) {
      int sampled = 0;
      try (Tracing tracing = tracing(collector.endpoint(), 0.25)) {
        for (int i = 0; i < 1000; i++) {
          try (RequestSpan span = tracing.begin(Headers.NONE, "infer")) {
            sampled += span.traceId().isEmpty() ? 0 : 1;
          }
        }
      }

      assertThat(sampled).isBetween(200, 300);
      assertThat(collector.spans()).hasSize(sampled);
    }
  }

  @Test
  void traceId_onThreadOfSampledRequest_isThereUntilItEnds() throws IOException {
    try (OtlpReceiver collector = new OtlpReceiver(200);
        Tracing tracing = tracing(collector.endpoint(), 0)) {
      RequestSpan span = tracing.begin(caller(SAMPLED), "infer");

      assertThat(tracing.traceId()).isEqualTo(TRACE).isEqualTo(span.traceId());
      span.end(ANSWERED);
      assertThat(tracing.traceId()).isEmpty();
      assertThat(tracing.stage("late")).isSameAs(Stage.NONE);
    }
  }

  @Test
  void begin_noEndpoint_echoesTheCallersContext() {
    try (Tracing tracing = off();
        RequestSpan span = tracing.begin(caller(SAMPLED), "infer")) {
      assertThat(span.traceId()).isEmpty();
      assertThat(span.traceparent()).isEqualTo(SAMPLED);
    }
  }

  @Test
  void begin_noEndpointAndNoCaller_makesOneContextForAnswerAndBackend() {
    Map<String, String> outgoing = new HashMap<>();
    try (Tracing tracing = off();
        RequestSpan span = tracing.begin(Headers.NONE, "infer")) {
      tracing.propagate(outgoing::put);

      assertThat(span.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
      assertThat(outgoing).isEqualTo(Map.of("traceparent", span.traceparent()));
    }
  }

  @Test
  void begin_brokenCaller_startsAfresh() {
    try (Tracing tracing = off();
        RequestSpan span = tracing.begin(caller("00-xyz"), "infer")) {
      assertThat(span.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    }
  }

  @Test
  void end_collectorThatNeverAnswers_delaysNoRequestAndCountsDrops() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        LogCapture log = new LogCapture("weir.observation")) {
      URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      TracingSettings settings =
          new TracingSettings(Optional.of(endpoint), 1, "weir", Duration.ofSeconds(60), 64);
      Tracing tracing = Tracing.create(settings, "0.1.0", dropped::add, () -> random);

      int requests = 20_000;
      for (int i = 0; i < requests; i++) {
        try (RequestSpan span = tracing.begin(caller(SAMPLED), "infer")) {
          span.assigned("fraud", SPLIT);
          span.end(ANSWERED);
        }
      }

      // The export is waited for up to a minute; all requests ended while it hung.
      assertThat(dropped.sum()).isBetween(requests - 64L - 512L, requests - 64L);
      assertThat(log.records()).isEmpty();

      long begun = System.nanoTime();
      tracing.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(40));
    }
  }

  @Test
  void end_collectorThatRefuses_countsTheSpansAsDropped() throws IOException {
    try (OtlpReceiver collector = new OtlpReceiver(400);
        LogCapture log = new LogCapture("weir.observation")) {
      try (Tracing tracing = tracing(collector.endpoint(), 0)) {
        tracing.begin(caller(SAMPLED), "infer").end(ANSWERED);
      }

      assertThat(dropped.sum()).isEqualTo(1);
      assertThat(log.records()).hasSize(1);
      assertThat(log.records().getFirst().getMessage()).startsWith("sink 'traces' failed");
    }
  }

  private Tracing tracing(URI endpoint, double ratio) {
    TracingSettings settings =
        new TracingSettings(Optional.of(endpoint), ratio, "weir", Duration.ofSeconds(30), 4096);
    return Tracing.create(settings, "0.1.0", dropped::add, () -> random);
  }

  private Tracing off() {
    return Tracing.create(TracingSettings.defaults(), "0.1.0", dropped::add, () -> random);
  }

  private static Headers caller(String traceparent) {
    return name ->
        switch (name) {
          case "traceparent" -> traceparent;
          case "tracestate" -> "vendor=x";
          default -> "";
        };
  }
}
