package weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutputCheckTest {
  private static final ModelSignature MODEL =
      new ModelSignature(
          "",
          List.of(),
          List.of(
              new TensorSpec("price", Datatype.FP32, Shape.of(-1, 1)),
              new TensorSpec("grade", Datatype.BYTES, Shape.of(-1))));
  private static final Tensor PRICE = Tensor.ofFloats("price", Shape.of(2, 1), 1, 2);
  private static final Tensor GRADE = Tensor.ofStrings("grade", Shape.of(1), "A");

  @Test
  void problem_declaredOutputs_isNone() {
    assertThat(OutputCheck.problem(MODEL, List.of(GRADE, PRICE), List.of())).isEmpty();
    assertThat(OutputCheck.problem(MODEL, List.of(GRADE), List.of("grade"))).isEmpty();
  }

  @Test
  void problem_outputsThatDiffer_saysHow() {
    Tensor strings = Tensor.ofStrings("price", Shape.of(1, 1), "1");
    Tensor flat = Tensor.ofFloats("price", Shape.of(1), 1);
    Tensor other = Tensor.ofFloats("prize", Shape.of(1), 1);

    assertThat(OutputCheck.problem(MODEL, List.of(strings, GRADE), List.of()))
        .hasValue("output 'price': datatype is BYTES, the model declares FP32");
    assertThat(OutputCheck.problem(MODEL, List.of(flat, GRADE), List.of()))
        .hasValue("output 'price': shape [1] does not fit [-1,1]");
    assertThat(OutputCheck.problem(MODEL, List.of(other), List.of()))
        .hasValue("output 'prize' is none of the variant's");
    assertThat(OutputCheck.problem(MODEL, List.of(GRADE, GRADE), List.of()))
        .hasValue("output 'grade' came twice");
    assertThat(OutputCheck.problem(MODEL, List.of(GRADE), List.of()))
        .hasValue("the answer lacks the output price");
  }

  @Test
  void problem_signatureWithoutOutputs_asksOnlyForTheWanted() {
    ModelSignature silent = new ModelSignature("", List.of(), List.of());

    assertThat(OutputCheck.problem(silent, List.of(PRICE), List.of())).isEmpty();
    assertThat(OutputCheck.problem(silent, List.of(PRICE), List.of("grade")))
        .hasValue("the answer lacks the output grade");
  }
}
