package weir.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.inference.Headers;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;

class OnnxBackendTest {
  private static final Path REPOSITORY = Path.of("../models/repository");
  private static final CallWatch WATCH = CallWatch.start(new Carriers(1, 1, _ -> {}));

  private static OnnxBackend load(String model, String version)
      throws IOException, ModelRefusedException {
    byte[] bytes = Files.readAllBytes(REPOSITORY.resolve(model + "/" + version + "/model.onnx"));
    return OnnxBackend.load(new Variant(model, version), bytes, care(3));
  }

  private static OnnxBackend.Care care(int warmUpRuns) {
    return new OnnxBackend.Care(2, warmUpRuns, true, WATCH);
  }

  /** One of the small models under {@code src/test/resources/weir/live}. */
  private static OnnxBackend small(String name) throws IOException, ModelRefusedException {
    byte[] bytes = Files.readAllBytes(Path.of("src/test/resources/weir/live", name + ".onnx"));
    return OnnxBackend.load(new Variant(name, "1"), bytes, care(1));
  }

  private static InferenceRequest oneValue(float x, Duration within) {
    return Requests.due(
        List.of(Tensor.ofFloats("x", Shape.of(1, 1), new float[] {x})),
        System.nanoTime() + within.toNanos());
  }

  @AfterAll
  static void stop() {
    WATCH.close();
  }

  @Test
  @Timeout(30)
  void infer_callThatHangs_isEndedAtItsDeadlineAndTheNextOneAnswers() throws Exception {
    try (OnnxBackend backend = small("hanging")) {
      long start = System.nanoTime();

      Rejected rejected = (Rejected) backend.infer(oneValue(1, Duration.ofMillis(200)));

      assertThat(rejected.reason()).isEqualTo(Reason.BACKEND_TIMEOUT);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(200), Duration.ofSeconds(2));
      assertThat(backend.infer(oneValue(0, Duration.ofSeconds(10)))).isInstanceOf(Answered.class);
    }
  }

  private static float first(Backend backend, Tensor... inputs) {
    return first(backend, List.of(inputs));
  }

  private static float first(Backend backend, List<Tensor> inputs) {
    Answered answered = (Answered) backend.infer(Requests.of("", inputs, Map.of()));
    return answered.outputs().getFirst().data().getFloat(0);
  }

  @Test
  void infer_numericRow_answersTheModelsValueAndItsTime() throws Exception {
    try (OnnxBackend backend = load("plain-30", "1")) {
      Answered answered = (Answered) backend.infer(Requests.of(Requests.plain(1, 0)));

      assertThat(answered.outputs().getFirst().data().getFloat(0)).isEqualTo(0.5f);
      assertThat(answered.outputs().getFirst().shape()).isEqualTo(Shape.of(1, 1));
      assertThat(answered.source()).isEqualTo(Source.MODEL);
      assertThat(answered.modelNanos()).isPositive();
    }
  }

  @Test
  void infer_stringsAndOtherOrder_areMatchedByName() throws Exception {
    try (OnnxBackend backend = load("diamond-price", "2")) {
      float small = first(backend, Requests.diamonds(1, 0.4f));
      float large = first(backend, Requests.diamonds(1, 1.5f));

      assertThat(small).isBetween(300f, 3_000f);
      assertThat(large).isGreaterThan(small);
    }
  }

  @Test
  void infer_manyBatchSizes_eachRowAsAlone() throws Exception {
    try (OnnxBackend backend = load("diamond-price", "2")) {
      float alone = first(backend, Requests.diamonds(1, 0.7f));
      for (int rows = 1; rows <= 3 * OnnxSlots.SHAPES_MAX; rows++) {
        Answered answered =
            (Answered) backend.infer(Requests.of("", Requests.diamonds(rows, 0.7f), Map.of()));
        Tensor price = answered.outputs().getFirst();

        assertThat(price.shape()).isEqualTo(Shape.of(rows, 1));
        for (int row = 0; row < rows; row++) {
          assertThat(price.data().getFloat(4 * row)).isEqualTo(alone);
        }
      }
    }
  }

  @Test
  void infer_manyThreadsWithPoisonedBuffers_neverMixesRequests() throws Exception {
    try (OnnxBackend backend = load("plain-30", "1");
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Float> expected = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        expected.add(first(backend, Requests.plain(1, i / 10f)));
      }
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int task = 0; task < 400; task++) {
        int value = task % 8;
        tasks.add(() -> first(backend, Requests.plain(1, value / 10f)) == expected.get(value));
      }

      for (Future<Boolean> right : threads.invokeAll(tasks)) {
        assertThat(right.get()).isTrue();
      }
      assertThat(expected).doesNotHaveDuplicates();
    }
  }

  @Test
  void infer_answerKept_isNotChangedByTheNextRequest() throws Exception {
    try (OnnxBackend backend = load("plain-30", "1")) {
      Answered kept = (Answered) backend.infer(Requests.of(Requests.plain(1, 0)));
      first(backend, Requests.plain(1, 3));

      assertThat(kept.outputs().getFirst().data().getFloat(0)).isEqualTo(0.5f);
    }
  }

  @Test
  void infer_afterClose_isRefusedAsNotReady() throws Exception {
    OnnxBackend backend = load("plain-30", "1");
    backend.close();
    backend.close();

    Rejected rejected = (Rejected) backend.infer(Requests.of(Requests.plain(1, 0)));

    assertThat(rejected.reason()).isEqualTo(Reason.NOT_READY);
  }

  @Test
  void infer_outputAsked_onlyThatOne() throws Exception {
    try (OnnxBackend backend = load("plain-30", "1")) {
      InferenceRequest request =
          new InferenceRequest(
              "plain-30",
              "",
              "",
              Headers.NONE,
              List.of(Requests.plain(1, 0)),
              List.of("probability"),
              Map.of(),
              Long.MAX_VALUE);

      Answered answered = (Answered) backend.infer(request);

      assertThat(answered.outputs()).extracting(Tensor::name).containsExactly("probability");
    }
  }

  @Test
  void infer_shapeTheModelCannotTake_isABackendFailureWithoutInternals() throws Exception {
    try (OnnxBackend backend = load("plain-30", "1")) {
      Rejected rejected =
          (Rejected)
              backend.infer(
                  Requests.of(Tensor.ofFloats("input", Shape.of(1, 2), new float[] {1, 2})));

      assertThat(rejected.reason()).isEqualTo(Reason.BACKEND_FAILED);
      assertThat(rejected.message())
          .isEqualTo("version 1 of model 'plain-30' failed to compute this input");
    }
  }

  @Test
  void load_bytesThatAreNoModel_areRefused() {
    assertThatThrownBy(() ->
            OnnxBackend.load(
                new Variant("m", "1"), "not a model".getBytes(StandardCharsets.UTF_8), care(0)))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageStartingWith("the file of m/1 is not an ONNX model");
  }

  @Test
  void load_truncatedModel_isRefused() throws Exception {
    byte[] whole = Files.readAllBytes(REPOSITORY.resolve("diamond-price/2/model.onnx"));

    assertThatThrownBy(() ->
            OnnxBackend.load(
                new Variant("m", "1"), java.util.Arrays.copyOf(whole, whole.length / 2), care(0)))
        .isInstanceOf(ModelRefusedException.class);
  }
}
