package weir.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.InferenceResult.Rejected;
import weir.inference.Reason;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.Variant;

/** Model files that nobody should load: refused in words, before or by native code. */
class HostileModelTest {
  private static final Path FILES = Path.of("src/test/resources/weir/hostile");
  private static final Variant VARIANT = new Variant("m", "1");
  private static final int DAMAGED = 60;
  private static final CallWatch WATCH = CallWatch.start(new Carriers(1, 1, _ -> {}));

  @AfterAll
  static void stop() {
    WATCH.close();
  }

  private static OnnxBackend load(byte[] model) throws ModelRefusedException {
    return OnnxBackend.load(VARIANT, model, new OnnxBackend.Care(1, 1, true, WATCH));
  }

  private static byte[] file(String name) throws IOException {
    return Files.readAllBytes(FILES.resolve(name + ".onnx"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "external-absolute, tensor 'w' keeps its data in another file",
        "external-parent, tensor 'w' keeps its data in another file",
        "external-beside, tensor 'w' keeps its data in another file",
        "external-in-node, tensor 'w' keeps its data in another file",
        "external-in-branch, tensor 'inner' keeps its data in another file",
        "external-in-function, tensor 'w' keeps its data in another file",
        "declares-too-much, tensor 'w' declares more elements than its 19 bytes can hold",
        "declares-beyond-counting, tensor 'w' declares more elements than its 31 bytes can hold",
        "declares-negative, tensor 'w' declares more elements than its 45 bytes can hold",
        "unpacks-to-terabytes, it holds a sparse tensor",
        "takes-gigabytes, input 'x' takes at least 1073741824 elements",
        "takes-beyond-counting, input 'x' takes at least 2^63 elements",
        "deep, it nests its graphs more than 100 messages deep",
        "cycle, ONNX Runtime refuses the model of m/1",
        "unknown-operator, ONNX Runtime refuses the model of m/1",
        "unknown-domain, ONNX Runtime refuses the model of m/1",
        "wrong-shape, ONNX Runtime refuses the model of m/1",
        "no-output, ONNX Runtime refuses the model of m/1",
        "reads-nothing, ONNX Runtime refuses the model of m/1",
        "not-a-tensor, output 'y' is not a tensor"
      })
  void load_hostileModel_isRefusedWithAReason(String name, String reason) {
    assertThatThrownBy(() -> load(file(name)).close())
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void infer_modelThatComputesTerabytes_failsTheRequestAndNothingElse() throws Exception {
    try (OnnxBackend backend = load(file("computes-terabytes"))) {
      Tensor x = Tensor.ofFloats("x", Shape.of(1, 1), new float[] {1});

      Rejected rejected =
          (Rejected)
              backend.infer(
                  Requests.due(List.of(x), System.nanoTime() + Duration.ofSeconds(20).toNanos()));

      assertThat(rejected.reason()).isEqualTo(Reason.BACKEND_FAILED);
    }
  }

  @Test
  void load_truncatedOrBitFlippedModel_isRefusedInWordsOrServes() throws Exception {
    byte[] whole = Files.readAllBytes(Path.of("src/test/resources/weir/live/half-failing.onnx"));
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < DAMAGED; i++) {
      byte[] damaged =
          i % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(1, whole.length)) : whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        load(damaged).close();
      } catch (ModelRefusedException e) {
        assertThat(e).hasMessageContaining("m/1");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(DAMAGED / 4);
  }

  @Test
  void load_nativeFormat_isRefused() {
    byte[] flat = new byte[64];
    flat[0] = 16;
    System.arraycopy(new byte[] {'O', 'R', 'T', 'M'}, 0, flat, 4, 4);

    assertThatThrownBy(() -> load(flat).close())
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("m/1");
  }
}
