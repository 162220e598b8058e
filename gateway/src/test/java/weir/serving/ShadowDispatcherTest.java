package weir.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.backend.Backend;
import weir.backend.ServedVariant;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.ModelSignature;
import weir.inference.Reason;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.ShadowAnswer;
import weir.observation.ShadowObserver;
import weir.routing.Shadow;

@Timeout(30)
class ShadowDispatcherTest {
  private static final Shadow SHADOW = new Shadow("2", 1, false);
  private static final ShadowSettings BOUNDS = new ShadowSettings(2, 1_024);

  private final Told told = new Told();

  /** What the dispatcher told, in its order. */
  private static final class Told implements ShadowObserver {
    final BlockingQueue<ShadowAnswer> answers = new LinkedBlockingQueue<>();
    final BlockingQueue<Drop> drops = new LinkedBlockingQueue<>();

    @Override
    public void compared(ShadowAnswer answer) {
      answers.add(answer);
    }

    @Override
    public void dropped(Variant shadow, Drop reason) {
      drops.add(reason);
    }
  }

  private ShadowDispatcher dispatcher(Backend backend) {
    return new ShadowDispatcher(
        (model, version) ->
            Optional.of(
                new ServedVariant(
                    new Variant(model, version),
                    new ModelSignature("test", List.of(), List.of()),
                    "",
                    backend,
                    backend,
                    () -> "")),
        told,
        BOUNDS);
  }

  private static InferenceResult answer(InferenceRequest request) {
    return new Answered(request.inputs(), Source.MODEL, 1);
  }

  private static ShadowDispatcher.Original original(Tensor tensor) {
    InferenceRequest request =
        new InferenceRequest("m", "", "r-1", Headers.NONE, List.of(tensor), List.of(), Map.of(), 0);
    return new ShadowDispatcher.Original(
        request, new Served(answer(request), new Variant("m", "1"), "p-1"), Duration.ofSeconds(20));
  }

  private static Tensor floats(int count) {
    return Tensor.ofFloats("x", Shape.of(count), new float[count]);
  }

  @Test
  void offer_whileTheShadowIsBlocked_returnsAndDropsWhatIsTooMuch() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    try (ShadowDispatcher dispatcher =
        dispatcher(request -> {
          awaitUninterrupted(blocked);
          return answer(request);
        })) {
      for (int i = 0; i < 5; i++) {
        dispatcher.offer(SHADOW, original(floats(1)));
      }

      assertThat(told.drops)
          .containsExactly(
              ShadowObserver.Drop.COPIES, ShadowObserver.Drop.COPIES, ShadowObserver.Drop.COPIES);
      assertThat(told.answers).isEmpty();
      blocked.countDown();
      assertThat(told.answers.poll(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(told.answers.poll(10, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void close_withCopiesInFlight_comparesThemOrSaysThatTheyAreLost() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    ShadowDispatcher hanging =
        dispatcher(request -> {
          asked.countDown();
          try {
            Thread.sleep(Duration.ofMinutes(5));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Rejected(Reason.BACKEND_FAILED, "interrupted");
        });
    hanging.offer(SHADOW, original(floats(1)));
    hanging.offer(SHADOW, original(floats(1)));
    asked.await();
    hanging.close();
    assertThat(told.answers).isEmpty();
    assertThat(told.drops)
        .containsExactly(ShadowObserver.Drop.CLOSING, ShadowObserver.Drop.CLOSING);

    ShadowDispatcher sound = dispatcher(ShadowDispatcherTest::answer);
    sound.offer(SHADOW, original(floats(1)));
    sound.offer(SHADOW, original(floats(1)));
    sound.close();
    assertThat(told.answers).hasSize(2);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void offer_moreBytesThanMayBeHeld_isDroppedAndGivesItsRoomBack() throws Exception {
    try (ShadowDispatcher dispatcher = dispatcher(ShadowDispatcherTest::answer)) {
      for (int i = 0; i < 5; i++) {
        dispatcher.offer(SHADOW, original(floats(1_000)));
      }
      assertThat(told.drops).hasSize(5).containsOnly(ShadowObserver.Drop.BYTES);

      dispatcher.offer(SHADOW, original(floats(1)));
      assertThat(told.answers.poll(10, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void offer_requestsBufferUsedAgain_leavesTheCopyAsItWas() throws Exception {
    CountDownLatch changed = new CountDownLatch(1);
    try (ShadowDispatcher dispatcher =
        dispatcher(request -> {
          awaitUninterrupted(changed);
          return answer(request);
        })) {
      Tensor tensor = Tensor.ofFloats("x", Shape.of(1), 7);
      dispatcher.offer(SHADOW, original(tensor));
      tensor.data().putFloat(0, 8);
      changed.countDown();

      ShadowAnswer answer = told.answers.poll(10, TimeUnit.SECONDS);
      assertThat(answer).isNotNull();
      assertThat(answer.requestId()).isEqualTo("r-1");
      assertThat(answer.expected().outputs().getFirst().data().getFloat(0)).isEqualTo(7);
      assertThat(answer.got())
          .isInstanceOfSatisfying(
              Answered.class,
              got -> assertThat(got.outputs().getFirst().data().getFloat(0)).isEqualTo(7));
    }
  }

  @Test
  void offer_shadowThatThrows_failsAndTheNextOneIsAsked() throws Exception {
    try (ShadowDispatcher dispatcher =
        dispatcher(_ -> {
          throw new IllegalStateException("broken");
        })) {
      for (int i = 0; i < 3; i++) {
        dispatcher.offer(SHADOW, original(floats(1)));
        ShadowAnswer answer = told.answers.poll(10, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        assertThat(answer.got())
            .isInstanceOfSatisfying(
                Rejected.class, got -> assertThat(got.reason()).isEqualTo(Reason.BACKEND_FAILED));
      }
    }
  }

  @Test
  void offer_variantBusyWithLiveRequests_isDropped() throws Exception {
    Backend busy =
        new Backend() {
          @Override
          public InferenceResult infer(InferenceRequest request) {
            return answer(request);
          }

          @Override
          public boolean busy() {
            return true;
          }
        };
    try (ShadowDispatcher dispatcher = dispatcher(busy)) {
      dispatcher.offer(SHADOW, original(floats(1)));

      assertThat(told.drops.poll(10, TimeUnit.SECONDS)).isEqualTo(ShadowObserver.Drop.BUSY);
    }
  }
}
