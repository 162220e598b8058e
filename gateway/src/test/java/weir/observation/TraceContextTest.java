package weir.observation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.inference.Headers;

class TraceContextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        "00-00000000000000000000000000000001-0000000000000001-ff",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
      })
  void of_validHeader_isPresentAsGiven(String header) {
    assertThat(TraceContext.of(headers(header)).traceparent()).isEqualTo(header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-more",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-00",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-00",
        "00-4bf92f3577b34da6a3ce929d0e0e473\u00a1-00f067aa0ba902b7-00",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-00",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
      })
  void of_invalidHeader_isAbsent(String header) {
    assertThat(TraceContext.of(headers(header)).present()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "03", "ff"})
  void sampled_lowestFlag_decides(String flags) {
    String header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-" + flags;

    assertThat(TraceContext.of(headers(header)).sampled()).isTrue();
  }

  @Test
  void sampled_otherFlags_doNot() {
    String header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe";

    assertThat(TraceContext.of(headers(header)).sampled()).isFalse();
  }

  @Test
  void of_overlongTracestate_passesTheParentOnly() {
    Headers headers =
        name ->
            name.equals("tracestate")
                ? "a=" + "x".repeat(511)
                : "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    assertThat(TraceContext.of(headers).present()).isTrue();
    assertThat(TraceContext.of(headers).tracestate()).isEmpty();
  }

  private static Headers headers(String traceparent) {
    return name -> name.equals("traceparent") ? traceparent : "";
  }
}
