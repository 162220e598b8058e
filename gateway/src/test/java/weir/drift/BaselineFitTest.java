package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.TensorSpec;
import weir.stats.Binning;

class BaselineFitTest {
  @Test
  void problems_baselineOfTheModel_areNone() {
    Baseline baseline = Diamonds.baseline(Diamonds.shuffled(1).subList(0, 500));

    assertThat(BaselineFit.problems(baseline, Diamonds.SIGNATURE)).isEmpty();
  }

  @Test
  void problems_everyKindOfMisfit_isSaid() {
    ModelSignature signature =
        new ModelSignature(
            "onnx",
            List.of(
                new TensorSpec("carat", Datatype.FP32, Shape.of(-1, 2)),
                new TensorSpec("cut", Datatype.BYTES, Shape.of(-1, 1)),
                new TensorSpec("text", Datatype.FP32, Shape.of(-1, -1)),
                new TensorSpec("class", Datatype.INT64, Shape.of(-1, 1))),
            List.of());
    Baseline baseline =
        new Baseline(
            "m",
            Diamonds.MADE,
            List.of(
                numeric("carats", 0),
                numeric("carat", 2),
                numeric("cut", 0),
                numeric("text", 0),
                categorical("carat", "1"),
                categorical("class", "one")));

    assertThat(BaselineFit.problems(baseline, signature))
        .containsExactly(
            "signal 'carats/0': the model has no input 'carats'; did you mean 'carat'?",
            "signal 'carat/2': input 'carat' has 2 elements in a row, not an element 2",
            "signal 'cut/0': is numeric, but the model has BYTES",
            "signal 'text/0': input 'text' has rows of open size [-1,-1]; its elements cannot be"
                + " watched one by one",
            "signal 'carat-class': is categorical, but the model has FP32",
            "signal 'class-class': has values that are not of the model's INT64");
  }

  private static Signal numeric(String tensor, int element) {
    Place place = new Place(Place.Side.INPUT, tensor, element);
    return new Signal.Numeric(
        tensor + "/" + element, place, Binning.ofEdges(1), List.of(1L, 1L), 0, 0, 2, 1);
  }

  private static Signal categorical(String tensor, String value) {
    Place place = new Place(Place.Side.INPUT, tensor, 0);
    return new Signal.Categorical(
        tensor + "-class", place, List.of(new Signal.Value(value, 1)), 0, 0);
  }
}
