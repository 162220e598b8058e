package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.drift.BaselineBuilder.Built;
import weir.drift.BaselineBuilder.Refused;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.TensorSpec;

class BaselineBuilderTest {
  private static final ModelSignature MIXED =
      new ModelSignature(
          "onnx",
          List.of(
              new TensorSpec("size", Datatype.FP32, Shape.of(-1, 1)),
              new TensorSpec("colour", Datatype.BYTES, Shape.of(-1, 1)),
              new TensorSpec("fresh", Datatype.BOOL, Shape.of(-1, 1))),
          List.of(new TensorSpec("class", Datatype.INT64, Shape.of(-1, 1))));

  @TempDir Path folder;

  private BaselineBuilder.Result build(ModelSignature signature, String text, String... predicted)
      throws IOException {
    Path file = folder.resolve("data.csv");
    Files.writeString(file, text);
    return new BaselineBuilder("m", signature, Set.of(predicted), (_, _) -> {})
        .build(file, Diamonds.MADE);
  }

  @Test
  void build_realRows_areTheBaselineOfThoseRows() throws IOException {
    BaselineBuilder builder =
        new BaselineBuilder("diamond-price", Diamonds.SIGNATURE, Set.of("price"), (_, _) -> {});
    Built built = (Built) builder.build(Diamonds.FILE, Diamonds.MADE);

    assertThat(built.rows()).isEqualTo(53_940);
    assertThat(built.badRows()).isZero();
    List<Signal> expected = Diamonds.baseline(Diamonds.shuffled(0)).signals();
    assertThat(built.baseline().signals())
        .usingRecursiveComparison()
        .withComparatorForType(
            (a, b) -> Math.abs(a - b) <= 1e-9 * Math.abs(a) ? 0 : 1, Double.class)
        .isEqualTo(expected);
  }

  @Test
  void build_badRows_areCountedNamedAndLeftOut() throws IOException {
    Built built =
        (Built)
            build(
                MIXED,
                """
                size,colour,fresh,class,more
                1.5,red,true,1,
                big,red,true,1,
                2.5,"a ""b"",
                c",0,2,
                3.5,red,perhaps,1,
                1,red,true
                NaN,,1,1,
                """,
                "class");

    assertThat(built.rows()).isEqualTo(3);
    assertThat(built.badRows()).isEqualTo(3);
    assertThat(built.firstBadRows())
        .containsExactly(
            "line 3 column 'size' is not a number",
            "line 6 column 'fresh' is not true or false",
            "line 7 has 3 cells");
    assertThat(built.baseline().signals().get(0).missing()).isEqualTo(1);
    assertThat(built.baseline().signals().get(1).labels())
        .containsExactly("a \"b\",\nc", "red", Signal.OTHER);
    assertThat(built.baseline().signals().get(1).missing()).isEqualTo(1);
    assertThat(built.baseline().signals().get(2).counts()).containsExactly(2L, 1L, 0L);
    assertThat(built.baseline().signals().get(3).labels()).containsExactly("1", "2", Signal.OTHER);
  }

  @Test
  void build_numbersOfTheFile_areWhatTheTensorCarries() throws IOException {
    Built built = (Built) build(MIXED, "size,colour,fresh\n0.23,red,true\n0.7,red,true\n");
    Signal.Numeric size = (Signal.Numeric) built.baseline().signals().getFirst();

    assertThat(size.min()).isEqualTo(0.23f);
    assertThat(size.max()).isEqualTo(0.7f);
  }

  @Test
  void build_columnsThatAreNotThere_saysAllOfThem() throws IOException {
    Refused refused = (Refused) build(MIXED, "sizes,fresh\n1,1\n", "klass");

    assertThat(refused.problems())
        .containsExactly(
            "the model has no output 'klass'",
            "no column 'size'; is it 'sizes'?",
            "no column 'colour'");
  }

  @Test
  void build_columnWithoutValues_isRefused() throws IOException {
    assertThat(build(MIXED, "size,colour,fresh\n,red,1\n,red,1\n"))
        .isEqualTo(new Refused(List.of("column 'size' has no value in 2 rows")));
  }

  @Test
  void build_loneVector_takesTheColumnsInOrderWithTheirNames() throws IOException {
    ModelSignature vector =
        new ModelSignature(
            "onnx", List.of(new TensorSpec("x", Datatype.FP32, Shape.of(-1, 2))), List.of());
    Built named = (Built) build(vector, "age,income\n1,2\n3,4\n");
    Built numbered = (Built) build(vector, "x[1],x[0]\n1,2\n3,4\n");

    assertThat(named.baseline().signals())
        .extracting(Signal::name)
        .containsExactly("age", "income");
    assertThat(((Signal.Numeric) numbered.baseline().signals().getFirst()).max()).isEqualTo(4);
    assertThat(BaselineFit.problems(named.baseline(), vector)).isEmpty();
  }

  @Test
  void build_moreRowsThanAreKept_countsExactlyAtSketchedDeciles() throws IOException {
    int rows = ColumnSample.KEPT_MAX + 50_000;
    ModelSignature one =
        new ModelSignature(
            "onnx", List.of(new TensorSpec("x", Datatype.FP64, Shape.of(-1, 1))), List.of());
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("x\n");
    for (int i = 0; i < rows; i++) {
      text.append(random.nextDouble()).append('\n');
    }
    List<Long> progress = new ArrayList<>();
    Path file = folder.resolve("long.csv");
    Files.writeString(file, text);
    Built built =
        (Built)
            new BaselineBuilder("m", one, Set.of(), (done, of) -> progress.add(done * 100 / of))
                .build(file, Diamonds.MADE);
    Signal.Numeric signal = (Signal.Numeric) built.baseline().signals().getFirst();

    assertThat(signal.present()).isEqualTo(rows);
    for (int i = 0; i < 9; i++) {
      assertThat(signal.binning().edges()[i]).isCloseTo((i + 1) / 10.0, within(0.03));
    }
    assertThat(signal.sd()).isCloseTo(Math.sqrt(1 / 12.0), within(0.003));
    assertThat(progress).isSorted().endsWith(100L);
  }
}
