package weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureCheckTest {
  private static final ModelSignature DIAMONDS =
      new ModelSignature(
          "onnxruntime_onnx",
          List.of(
              new TensorSpec("carat", Datatype.FP32, Shape.of(-1, 1)),
              new TensorSpec("cut", Datatype.BYTES, Shape.of(-1, 1))),
          List.of(new TensorSpec("price", Datatype.FP32, Shape.of(-1, 1))));
  private static final Tensor CARAT = Tensor.ofFloats("carat", Shape.of(1, 1), 0.5f);
  private static final Tensor CUT = Tensor.ofStrings("cut", Shape.of(1, 1), "Good");

  @Test
  void mismatch_inputsInAnyOrder_isEmpty() {
    assertThat(SignatureCheck.mismatch(DIAMONDS, List.of(CARAT, CUT), List.of())).isEmpty();
    assertThat(SignatureCheck.mismatch(DIAMONDS, List.of(CUT, CARAT), List.of("price"))).isEmpty();
  }

  @Test
  void mismatch_missingInput_namesIt() {
    assertThat(SignatureCheck.mismatch(DIAMONDS, List.of(CUT), List.of()))
        .hasValue("inputs: the model also takes carat");
    assertThat(SignatureCheck.mismatch(DIAMONDS, List.of(), List.of()))
        .hasValue("inputs: the model also takes carat, cut");
    assertThat(SignatureCheck.mismatch(DIAMONDS, List.of(CARAT, CARAT), List.of()))
        .hasValue("inputs: the model also takes cut");
  }

  @Test
  void mismatch_misspeltInput_suggestsTheNearest() {
    Tensor carrat = Tensor.ofFloats("Carrat", Shape.of(1, 1), 1);

    assertThat(SignatureCheck.mismatch(DIAMONDS, List.of(carrat, CUT), List.of()))
        .hasValue("inputs[0] 'Carrat': the model has no such input; did you mean 'carat'?");
  }

  @Test
  void mismatch_strangeInput_listsTheModels() {
    Tensor depth = Tensor.ofFloats("depth", Shape.of(1, 1), 1);

    assertThat(SignatureCheck.mismatch(DIAMONDS, List.of(CARAT, CUT, depth), List.of()))
        .hasValue("inputs[2] 'depth': the model has carat, cut");
  }

  @Test
  void mismatch_otherDatatype_saysBoth() {
    Tensor text = Tensor.ofStrings("carat", Shape.of(1, 1), "0.5");

    assertThat(SignatureCheck.mismatch(DIAMONDS, List.of(CUT, text), List.of()))
        .hasValue("inputs[1] 'carat': datatype is BYTES, the model takes FP32");
  }

  @Test
  void mismatch_otherShape_saysBoth() {
    Tensor wide = Tensor.ofFloats("carat", Shape.of(1, 2), 1, 2);

    assertThat(SignatureCheck.mismatch(DIAMONDS, List.of(wide, CUT), List.of()))
        .hasValue("inputs[0] 'carat': shape [1,2] does not fit [-1,1]");
  }

  @Test
  void mismatch_unknownOutput_suggestsOrLists() {
    List<Tensor> inputs = List.of(CARAT, CUT);

    assertThat(SignatureCheck.mismatch(DIAMONDS, inputs, List.of("prise")))
        .hasValue("outputs[0] 'prise': the model has no such output; did you mean 'price'?");
    assertThat(SignatureCheck.mismatch(DIAMONDS, inputs, List.of("price", "weight")))
        .hasValue("outputs[1] 'weight': the model has price");
  }

  @Test
  void mismatch_longOrStrangeNames_areCutInTheMessage() {
    assertThat(
            SignatureCheck.mismatch(DIAMONDS, List.of(CARAT, CUT), List.of("\n" + "n".repeat(900))))
        .hasValue("outputs[0] '?" + "n".repeat(63) + "…': the model has price");
  }

  @Test
  void nearestName_distance_isBoundedByLength() {
    List<String> names = List.of("id", "data", "datatype", "shape");

    assertThat(NearestName.of("shpae", names)).hasValue("shape");
    assertThat(NearestName.of("datatpye", names)).hasValue("datatype");
    assertThat(NearestName.of("dtype", names)).isEmpty();
    assertThat(NearestName.of("if", names)).isEmpty();
    assertThat(NearestName.of("ID", names)).hasValue("id");
    assertThat(NearestName.of("n".repeat(100), names)).isEmpty();
  }

  @Test
  void quotedList_manyNames_saysHowManyMore() {
    assertThat(Quoted.list(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")))
        .isEqualTo("a, b, c, d, e, f, g, h and 2 more");
  }
}
