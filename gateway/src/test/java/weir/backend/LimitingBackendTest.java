package weir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import weir.admission.Entry.Place;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.observation.BackendMeters;
import weir.observation.GatewayMetrics;

class LimitingBackendTest {
  private final BackendMeters meters =
      GatewayMetrics.create("test", InstantSource.system()).backend(new Variant("m", "1"));
  private final Backend answering = request -> new Answered(List.of(), Source.MODEL, 1);

  @Test
  void infer_freePermit_passesAndGivesItBack() {
    LimitingBackend.Limit limit = LimitingBackend.Limit.of(1, 0);
    LimitingBackend limiting = new LimitingBackend(answering, limit, meters);

    for (int i = 0; i < 3; i++) {
      assertThat(limiting.infer(Requests.of(Requests.floats(1)))).isInstanceOf(Answered.class);
    }
    assertThat(limit.own().availablePermits()).isEqualTo(1);
    assertThat(limit.all().availablePermits()).isEqualTo(2);
  }

  @Test
  void infer_anotherVariantHoldsItsPermits_passes() {
    Semaphore all = LimitingBackend.Limit.shared(1);
    all.acquireUninterruptibly();
    LimitingBackend.Limit limit = LimitingBackend.Limit.of(1, 0, all);

    assertThat(new LimitingBackend(answering, limit, meters).infer(Requests.of(Requests.floats(1))))
        .isInstanceOf(Answered.class);
  }

  @Test
  void infer_allPermitsOfTheProcessTaken_isRefusedAtItsDeadlineAndHoldsNone() {
    LimitingBackend.Limit limit = LimitingBackend.Limit.of(1, 10);
    limit.all().acquireUninterruptibly(2);

    Rejected rejected =
        (Rejected)
            new LimitingBackend(answering, limit, meters)
                .infer(Requests.due(System.nanoTime() + 1_000_000));

    assertThat(rejected.reason()).isEqualTo(Reason.OVERLOADED);
    assertThat(limit.own().availablePermits()).isEqualTo(1);
  }

  @Test
  void infer_noPermitAndNoRoomToWait_isRefusedAtOnce() {
    LimitingBackend.Limit limit = LimitingBackend.Limit.of(1, 0);
    Backend limited = new LimitingBackend(answering, limit, meters);
    assertThat(new CheckingBackend(limited).takes()).isTrue();
    assertThat(limit.places().begin("")).isInstanceOf(Place.class);

    Rejected rejected = (Rejected) limited.infer(Requests.due(Long.MAX_VALUE / 2));

    assertThat(rejected.reason()).isEqualTo(Reason.OVERLOADED);
    assertThat(new CheckingBackend(limited).takes()).isFalse();
  }

  @Test
  void infer_stillWaitingAtItsDeadline_isRefused() {
    LimitingBackend.Limit limit = LimitingBackend.Limit.of(1, 10);
    limit.own().acquireUninterruptibly();

    Rejected rejected =
        (Rejected)
            new LimitingBackend(answering, limit, meters)
                .infer(Requests.due(System.nanoTime() + 1_000_000));

    assertThat(rejected.reason()).isEqualTo(Reason.OVERLOADED);
  }

  @Test
  void infer_failureBelow_givesThePermitBack() {
    LimitingBackend.Limit limit = LimitingBackend.Limit.of(1, 0);
    LimitingBackend limiting =
        new LimitingBackend(
            request -> {
              throw new IllegalStateException("broken");
            },
            limit,
            meters);

    try {
      limiting.infer(Requests.of(Requests.floats(1)));
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("broken");
    }

    assertThat(limit.own().availablePermits()).isEqualTo(1);
  }
}
