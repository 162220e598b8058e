package weir.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingSettingsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Test
  void defaults_everyKey_isAsDocumented() {
    assertThat(TracingSettings.defaults())
        .isEqualTo(new TracingSettings(Optional.empty(), 0.01, "weir", TIMEOUT, 2048));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://collector:4318", "https://collector:4318/"})
  void endpoint_withoutPath_getsThatOfTraces(String endpoint) {
    assertThat(endpoint(endpoint).endpoint())
        .hasValueSatisfying(used -> assertThat(used).hasPath("/v1/traces"));
  }

  @Test
  void endpoint_withPath_isKept() {
    assertThat(endpoint("http://collector:4318/otlp").endpoint())
        .contains(URI.create("http://collector:4318/otlp"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"collector:4318", "ftp://collector", "http:///v1/traces", "grpc://c:1"})
  void endpoint_notHttp_isRefused(String endpoint) {
    assertThatThrownBy(() -> endpoint(endpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the endpoint is an http or https URL with a host, not '%s'", endpoint);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.001, 1.001, Double.NaN})
  void samplingRatio_outsideZeroToOne_isRefused(double ratio) {
    assertThatThrownBy(() -> new TracingSettings(Optional.empty(), ratio, "weir", TIMEOUT, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the sampling ratio is between 0 and 1, not " + ratio);
  }

  @Test
  void serviceName_blankOrLong_isRefused() {
    for (String name : new String[] {"", "  ", "x".repeat(256)}) {
      assertThatThrownBy(() -> new TracingSettings(Optional.empty(), 1, name, TIMEOUT, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the service name has 1 to 255 characters, not '%s'", name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT1M0.001S"})
  void exportTimeout_outsideItsBounds_isRefused(String timeout) {
    assertThatThrownBy(
            () -> new TracingSettings(Optional.empty(), 1, "weir", Duration.parse(timeout), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the export timeout is above 0 and at most PT1M, not ");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1_048_577})
  void maxQueue_outsideItsBounds_isRefused(int queue) {
    assertThatThrownBy(() -> new TracingSettings(Optional.empty(), 1, "weir", TIMEOUT, queue))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the queue of spans holds 1 to 1048576, not " + queue);
  }

  private static TracingSettings endpoint(String endpoint) {
    return new TracingSettings(Optional.of(URI.create(endpoint)), 1, "weir", TIMEOUT, 1);
  }
}
