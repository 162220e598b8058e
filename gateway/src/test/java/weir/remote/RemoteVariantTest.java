package weir.remote;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static weir.remote.ScriptedEndpoint.SIGNATURE;
import static weir.remote.ScriptedEndpoint.answer;
import static weir.remote.ScriptedEndpoint.request;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.inference.Datatype;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.ModelSignature;
import weir.inference.Reason;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.remote.RemoteFailure.Kind;

/**
 * What a variant elsewhere makes of its servers' answers and failures.
 *
 * <p>Over 300 lines because each way in which a request can end is one test of the same variant.
 */
class RemoteVariantTest {
  private final ScriptedEndpoint a = new ScriptedEndpoint("a:1");
  private final ScriptedEndpoint b = new ScriptedEndpoint("b:1");
  private Rig rig = new Rig(List.of(a, b));

  @AfterEach
  void close() {
    rig.close();
  }

  private void only(Optional<Boolean> idempotent, ResilienceSettings resilience) {
    rig.close();
    rig = new Rig(List.of(a), idempotent, resilience);
  }

  private int calls() {
    return a.calls() + b.calls();
  }

  private static Reason reason(InferenceResult result) {
    assertThat(result).isInstanceOf(Rejected.class);
    return ((Rejected) result).reason();
  }

  @Test
  void infer_healthyServers_answersWithTheTimeOfTheAttempt() {
    a.script =
        (_, _) -> {
          rig.time.passes(Duration.ofMillis(3));
          return answer();
        };
    b.script = a.script;

    assertThat(rig.infer()).isEqualTo(new Answered(answer(), Source.MODEL, 3_000_000));
    assertThat(rig.scraped("weir_backend_attempts_total"))
        .contains("weir_backend_attempts_total{model=\"price\",result=\"ok\",variant=\"4\"} 1.0");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNREACHABLE", "BUSY", "BROKEN", "FAILED"})
  void infer_oneServerFails_asksTheOther(Kind kind) {
    a.fails(kind);

    for (int i = 0; i < 20; i++) {
      assertThat(rig.infer()).isInstanceOf(Answered.class);
      rig.time.passes(Duration.ofSeconds(1));
    }
    assertThat(a.calls()).isPositive();
    assertThat(rig.scraped("weir_backend_retries_total"))
        .anyMatch(line -> line.contains("sent") && line.endsWith(" " + a.calls() + ".0"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"TIMEOUT", "REFUSED", "INVALID"})
  void infer_failureThatWouldComeAgain_isNotSentAgain(Kind kind) {
    a.fails(kind);
    b.fails(kind);

    Rejected rejected = (Rejected) rig.infer();

    assertThat(calls()).isEqualTo(1);
    assertThat(rejected.reason()).isEqualTo(kind.reason());
    assertThat(rejected.message()).contains("scripted " + kind, "price/4 at ", ":1: ");
  }

  @Test
  void infer_notRepeatable_sendsAgainOnlyWhatNeverLeft() {
    only(Optional.of(false), ResilienceSettings.defaults());

    a.fails(Kind.BROKEN);
    assertThat(reason(rig.infer())).isEqualTo(Reason.BACKEND_FAILED);
    assertThat(a.calls()).isEqualTo(1);

    a.fails(Kind.UNREACHABLE);
    assertThat(reason(rig.infer())).isEqualTo(Reason.BACKEND_UNREACHABLE);
    assertThat(a.calls()).isEqualTo(1 + 1 + Attempts.RETRIES_MAX);
  }

  @Test
  void infer_onlyServerBusy_isNotAskedAgain() {
    only(Optional.empty(), ResilienceSettings.defaults());
    a.fails(Kind.BUSY);

    assertThat(reason(rig.infer())).isEqualTo(Reason.BACKEND_BUSY);
    assertThat(a.calls()).isEqualTo(1);
  }

  @Test
  void infer_timeUsedUpByTheFirstAttempt_isNotSentAgain() {
    ScriptedEndpoint.Script slow =
        (_, _) -> {
          rig.time.passes(Duration.ofSeconds(1));
          throw new RemoteFailure(Kind.BROKEN, "reset");
        };
    a.script = slow;
    b.script = slow;

    assertThat(reason(rig.infer())).isEqualTo(Reason.BACKEND_FAILED);
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void infer_timeIsOver_asksNobody() {
    assertThat(reason(rig.remote.infer(request(rig.time.getAsLong()))))
        .isEqualTo(Reason.BACKEND_TIMEOUT);
    assertThat(calls()).isZero();
  }

  @Test
  void infer_answerOfAnotherModel_isInvalidAndCountsAgainstTheServer() {
    a.script = (_, _) -> List.of(Tensor.ofFloats("y", Shape.of(3), 1, 2, 3));
    b.script = (_, _) -> List.of(Tensor.ofFloats("z", Shape.of(1, 1), 1));

    for (int i = 0; i < 40; i++) {
      assertThat(reason(rig.infer())).isIn(Reason.INVALID_OUTPUT, Reason.BREAKER_OPEN);
    }

    assertThat(rig.scraped("weir_backend_endpoint_ejected")).anyMatch(line -> line.endsWith("1.0"));
    assertThat(reason(rig.infer())).isEqualTo(Reason.BREAKER_OPEN);
    assertThat(rig.remote.takes()).isFalse();
  }

  @Test
  void leftOut_aServerFailedManyTimes_isThatServerUntilItsTimeIsOver() {
    assertThat(rig.remote.leftOut()).isEmpty();
    assertThat(rig.remote.asks("a:1")).isTrue();
    a.fails(Kind.FAILED);
    for (int i = 0; i < 40; i++) {
      rig.infer();
    }

    assertThat(rig.remote.leftOut()).containsExactly("a:1");
    assertThat(rig.remote.asks("a:1")).isFalse();
    assertThat(rig.remote.asks("b:1")).isTrue();
    assertThat(rig.remote.asks("c:1")).isFalse();
    rig.time.passes(ResilienceSettings.defaults().ejectFor());
    assertThat(rig.remote.leftOut()).isEmpty();
    assertThat(rig.remote.asks("a:1")).isTrue();
  }

  @Test
  void takes_retriesAreSpent_isNotUntilThereIsOneAgain() {
    a.fails(Kind.FAILED);
    b.fails(Kind.FAILED);
    assertThat(rig.remote.takes()).isTrue();

    rig.infer();
    rig.infer();

    assertThat(rig.remote.takes()).isFalse();
    rig.time.passes(Duration.ofSeconds(1));
    assertThat(rig.remote.takes()).isTrue();
  }

  @Test
  void infer_refusalsOnly_neverOpenTheBreaker() {
    a.fails(Kind.REFUSED);
    b.fails(Kind.REFUSED);

    for (int i = 0; i < 200; i++) {
      assertThat(reason(rig.infer())).isEqualTo(Reason.BACKEND_REFUSED);
    }
  }

  @Test
  void infer_overTheLimit_refusesAtOnceAndTakesAgainAfterwards() {
    ResilienceSettings plain = ResilienceSettings.defaults();
    only(
        Optional.empty(),
        new ResilienceSettings(
            plain.retryBudget(),
            plain.breakerFailures(),
            plain.breakerOpen(),
            plain.ejectAfter(),
            plain.ejectFor(),
            1));
    AtomicReference<InferenceResult> inner = new AtomicReference<>();
    AtomicBoolean tookMore = new AtomicBoolean(true);
    a.script =
        (_, _) -> {
          tookMore.set(rig.remote.takes());
          inner.set(rig.infer());
          return answer();
        };

    assertThat(rig.remote.takes()).isTrue();
    assertThat(rig.infer()).isInstanceOf(Answered.class);
    assertThat(tookMore).isFalse();
    assertThat(rig.remote.takes()).isTrue();
    assertThat(reason(requireNonNull(inner.get()))).isEqualTo(Reason.OVERLOADED);
    a.script = (_, _) -> answer();
    assertThat(rig.infer()).isInstanceOf(Answered.class);
    assertThat(rig.scraped("weir_backend_in_flight")).allMatch(line -> line.endsWith(" 0.0"));
  }

  @Test
  void infer_endpointThrowsUnchecked_leavesNothingInFlight() {
    a.script =
        (_, _) -> {
          throw new IllegalStateException("a fault of ours");
        };
    b.script = a.script;

    for (int i = 0; i < 300; i++) {
      try {
        rig.infer();
      } catch (IllegalStateException expected) {
        assertThat(expected).hasMessage("a fault of ours");
      }
    }

    a.script = (_, _) -> answer();
    b.script = a.script;
    assertThat(rig.infer()).isInstanceOf(Answered.class);
    assertThat(rig.scraped("weir_backend_in_flight")).allMatch(line -> line.endsWith(" 0.0"));
  }

  @Test
  void probe_serverGoesAndComes_isAvoidedAndUsedAgain() {
    a.ready = false;
    rig.probe();

    for (int i = 0; i < 20; i++) {
      rig.infer();
    }
    assertThat(a.calls()).isZero();
    assertThat(rig.remote.problem()).isEmpty();
    b.ready = false;
    rig.probe();

    assertThat(rig.remote.problem()).contains("price/4", "a:1", "connection refused");
    assertThat(rig.scraped("weir_backend_up")).allMatch(line -> line.endsWith(" 0.0"));
    assertThat(rig.infer()).isInstanceOf(Answered.class);
    assertThat(rig.scraped("weir_backend_last_resorts")).allMatch(line -> line.endsWith(" 1.0"));
    assertThat(rig.remote.problem()).isEmpty();
    assertThat(rig.scraped("weir_backend_up")).allMatch(line -> line.endsWith(" 1.0"));
  }

  @Test
  void signature_serverChangesItsModel_followsAfterHalfAMinute() {
    ModelSignature other =
        new ModelSignature(
            "test",
            SIGNATURE.inputs(),
            List.of(new TensorSpec("z", Datatype.FP32, Shape.of(-1, 1))));
    a.signature = other;
    b.signature = other;

    rig.probe();
    assertThat(rig.remote.signature()).contains(SIGNATURE);
    rig.time.passes(Probes.DESCRIBE_EACH);
    rig.probe();

    assertThat(rig.remote.signature()).contains(other);
  }

  @Test
  void open_noServerAnswers_usesWhatIsKnownOrSaysWhatIsMissing() {
    a.ready = false;
    b.ready = false;

    try (RemoteVariant ignorant = rig.open(Optional.empty())) {
      assertThat(ignorant.signature()).isEmpty();
      Rejected rejected = (Rejected) ignorant.infer(request(rig.time.in(Duration.ofSeconds(1))));
      assertThat(rejected.reason()).isEqualTo(Reason.BACKEND_UNREACHABLE);
      assertThat(rejected.message()).contains("a:1", "connection refused");
    }
    try (RemoteVariant knowing = rig.open(Optional.of(SIGNATURE))) {
      assertThat(knowing.signature()).contains(SIGNATURE);
    }
  }

  @Test
  void close_duringACall_letsItEndAndClosesTheEndpointsThen() {
    ScriptedEndpoint.Script closing =
        (_, _) -> {
          rig.remote.close();
          assertThat(a.closed || b.closed).isFalse();
          return answer();
        };
    a.script = closing;
    b.script = closing;

    assertThat(rig.infer()).isInstanceOf(Answered.class);

    assertThat(a.closed && b.closed).isTrue();
    assertThat(reason(rig.infer())).isEqualTo(Reason.NOT_READY);
  }
}
