package weir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.inference.Datatype;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Shape;
import weir.inference.Tensor;

class CheckingBackendTest {
  private static InferenceResult checked(Tensor output) {
    return new CheckingBackend(request -> new Answered(List.of(output), Source.MODEL, 1))
        .infer(Requests.of(Requests.floats(1)));
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void infer_outputNotFinite_isRefusedByName(float value) {
    Rejected rejected =
        (Rejected) checked(Tensor.ofFloats("price", Shape.of(2), new float[] {1, value}));

    assertThat(rejected.reason()).isEqualTo(Reason.INVALID_OUTPUT);
    assertThat(rejected.message()).contains("'price'").doesNotContain("NaN");
  }

  @ParameterizedTest
  @CsvSource({"FP16, 31744", "FP16, 32256", "BF16, 32640", "BF16, 32704"})
  void infer_halfWidthOutputNotFinite_isRefused(Datatype datatype, short bits) {
    ByteBuffer data = Tensor.allocate(2).putShort(0, bits);

    assertThat(checked(new Tensor("h", datatype, Shape.of(1), data))).isInstanceOf(Rejected.class);
  }

  @Test
  void infer_finiteAndIntegerOutputs_pass() {
    ByteBuffer ones = Tensor.allocate(4).putInt(0, -1);

    assertThat(checked(new Tensor("i", Datatype.INT32, Shape.of(1), ones)))
        .isInstanceOf(Answered.class);
    assertThat(checked(Tensor.ofFloats("f", Shape.of(1), Float.MAX_VALUE)))
        .isInstanceOf(Answered.class);
  }
}
