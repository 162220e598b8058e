package weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import weir.observation.RemoteReading;
import weir.remote.RemoteFailure.Kind;

class BreakerTest {
  private static final Duration OPEN = Duration.ofSeconds(2);
  private final RemoteFailure failure = new RemoteFailure(Kind.FAILED, "answered 500");

  private final HandTime time = new HandTime();
  private final Breaker breaker = breaker(0.9);

  private Breaker breaker(double failures) {
    return new Breaker(
        ScriptedEndpoint.VARIANT,
        new ResilienceSettings(0.2, failures, OPEN, 5, Duration.ofSeconds(1), 256),
        new NanoClock(time));
  }

  private void fail(Breaker breaker, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(breaker.lets()).isTrue();
      breaker.failed(failure);
    }
  }

  private void answer(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(breaker.lets()).isTrue();
      breaker.answered();
    }
  }

  @Test
  void lets_nearlyAllOfTwentyFailed_refusesAndSaysWhyAndUntilWhen() {
    answer(2);
    fail(breaker, 17);
    assertThat(breaker.state()).isEqualTo(RemoteReading.Breaker.CLOSED);
    fail(breaker, 1);

    assertThat(breaker.lets()).isFalse();
    assertThat(breaker.state()).isEqualTo(RemoteReading.Breaker.OPEN);
    assertThat(breaker.refusal()).contains("price/4", "answered 500", "in 2000 ms");
  }

  @Test
  void lets_afterItsTime_triesAFewAndClosesWhenTheySucceed() {
    fail(breaker, 20);
    time.passes(OPEN.plusMillis(1));

    assertThat(breaker.lets()).isTrue();
    assertThat(breaker.lets()).isTrue();
    assertThat(breaker.lets()).isTrue();
    assertThat(breaker.lets()).isFalse();
    assertThat(breaker.state()).isEqualTo(RemoteReading.Breaker.HALF_OPEN);
    breaker.answered();
    breaker.answered();
    breaker.answered();

    assertThat(breaker.state()).isEqualTo(RemoteReading.Breaker.CLOSED);
  }

  @Test
  void lets_trialsFail_opensAgain() {
    fail(breaker, 20);
    time.passes(OPEN.plusMillis(1));

    fail(breaker, 3);

    assertThat(breaker.lets()).isFalse();
  }

  @Test
  void ignored_trial_givesItsPlaceBack() {
    fail(breaker, 20);
    time.passes(OPEN.plusMillis(1));

    for (int i = 0; i < 20; i++) {
      assertThat(breaker.lets()).isTrue();
      breaker.ignored();
    }

    assertThat(breaker.state()).isEqualTo(RemoteReading.Breaker.HALF_OPEN);
  }

  @Test
  void lets_noBreakerWanted_neverRefuses() {
    Breaker none = breaker(0);

    fail(none, 500);

    assertThat(none.state()).isEqualTo(RemoteReading.Breaker.CLOSED);
  }
}
