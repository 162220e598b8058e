package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.stats.Binning;

class DriftTallyTest {
  private static final Signal SIZE = numeric("size", "size", 0);
  private static final Signal LEFT = numeric("left", "pair", 0);
  private static final Signal RIGHT = numeric("right", "pair", 1);
  private static final Signal COLOUR =
      new Signal.Categorical(
          "colour",
          new Place(Place.Side.INPUT, "colour", 0),
          List.of(new Signal.Value("red", 5), new Signal.Value("grün", 3)),
          0,
          0);
  private static final Signal LABEL =
      new Signal.Categorical(
          "label",
          new Place(Place.Side.OUTPUT, "label", 0),
          List.of(new Signal.Value("-1", 5), new Signal.Value("7", 3)),
          2,
          0);
  private static final List<Signal> SIGNALS = List.of(SIZE, LEFT, RIGHT, COLOUR, LABEL);
  private static final Layout LAYOUT = new Layout(SIGNALS);
  private static final ModelSignature SIGNATURE =
      new ModelSignature(
          "onnx",
          List.of(
              new TensorSpec("size", Datatype.FP32, Shape.of(-1, 1)),
              new TensorSpec("pair", Datatype.FP64, Shape.of(-1, 2)),
              new TensorSpec("colour", Datatype.BYTES, Shape.of(-1, 1))),
          List.of(new TensorSpec("label", Datatype.INT64, Shape.of(-1, 1))));

  private final DriftTally tally = new DriftTally(SIGNALS, LAYOUT, SIGNATURE, 10);

  private static Signal numeric(String name, String tensor, int element) {
    Place place = new Place(Place.Side.INPUT, tensor, element);
    return new Signal.Numeric(name, place, Binning.ofEdges(1, 2), List.of(1L, 1L, 1L), 0, 0, 3, 1);
  }

  private WindowCounts counts(Signal signal) {
    return LAYOUT.counts(SIGNALS.indexOf(signal), tally.snapshot());
  }

  private static WindowCounts counts(long missing, long beyond, Long... bins) {
    return new WindowCounts(List.of(bins), missing, beyond);
  }

  private static Tensor sizes(float... values) {
    return Tensor.ofFloats("size", Shape.of(values.length, 1), values);
  }

  @Test
  void add_numbers_binsMissingAndOutOfRange() {
    tally.add(List.of(sizes(1, 1.5f, 2, 3, Float.NaN, -1, 4)), List.of());

    assertThat(counts(SIZE)).isEqualTo(counts(1, 2, 2L, 2L, 2L));
  }

  @Test
  void add_texts_binsMissingAndUnseen() {
    String[] values = {"red", "grün", "red", "", "blue", "a colour longer than any other"};
    tally.add(List.of(Tensor.ofStrings("colour", Shape.of(6, 1), values)), List.of());

    assertThat(counts(COLOUR)).isEqualTo(counts(1, 2, 2L, 1L, 2L));
  }

  @Test
  void add_classes_otherIsNotUnseenWhereTheBaselineHasOthers() {
    ByteBuffer data = Tensor.allocate(24).putLong(0, -1).putLong(8, 7).putLong(16, 8);
    tally.add(List.of(), List.of(new Tensor("label", Datatype.INT64, Shape.of(3, 1), data)));

    assertThat(counts(LABEL)).isEqualTo(counts(0, 0, 1L, 1L, 1L));
  }

  @Test
  void add_vector_eachElementIsItsOwnSignal() {
    ByteBuffer data = Tensor.allocate(32);
    data.putDouble(0, 0).putDouble(8, 3).putDouble(16, Double.NaN).putDouble(24, 3);
    tally.add(List.of(new Tensor("pair", Datatype.FP64, Shape.of(2, 2), data)), List.of());

    assertThat(counts(LEFT)).isEqualTo(counts(1, 0, 1L, 0L, 0L));
    assertThat(counts(RIGHT)).isEqualTo(counts(0, 0, 0L, 0L, 2L));
  }

  @Test
  void add_largeBatch_countsTenEvenlySpacedRows() {
    float[] values = new float[100];
    String[] colours = new String[100];
    for (int i = 0; i < 100; i++) {
      values[i] = i < 50 ? 0 : 3;
      colours[i] = i < 50 ? "red" : "grün";
    }
    tally.add(
        List.of(sizes(values), Tensor.ofStrings("colour", Shape.of(100, 1), colours)), List.of());

    assertThat(counts(SIZE)).isEqualTo(counts(0, 0, 5L, 0L, 5L));
    assertThat(counts(COLOUR)).isEqualTo(counts(0, 0, 5L, 5L, 0L));
  }

  @Test
  void add_inputsInAnyOrder_findTheirSignals() {
    tally.add(
        List.of(
            Tensor.ofStrings("colour", Shape.of(1, 1), "red"),
            Tensor.ofFloats("unknown", Shape.of(1, 1), 1),
            sizes(0)),
        List.of());

    assertThat(counts(COLOUR).rows()).isEqualTo(1);
    assertThat(counts(SIZE).rows()).isEqualTo(1);
  }

  @Test
  void add_otherDatatypeOrNoRows_countsNothing() {
    ByteBuffer data = Tensor.allocate(8);
    tally.add(List.of(new Tensor("size", Datatype.FP64, Shape.of(1, 1), data), sizes()), List.of());

    assertThat(counts(SIZE).rows()).isZero();
  }

  @ParameterizedTest
  @EnumSource(value = Datatype.class, mode = EnumSource.Mode.EXCLUDE, names = "BYTES")
  void number_oneOfEachDatatype_isOne(Datatype datatype) {
    ByteBuffer data = Tensor.allocate(8);
    switch (datatype) {
      case FP16 -> data.putShort(0, Float.floatToFloat16(1));
      case BF16 -> data.putShort(0, (short) (Float.floatToIntBits(1) >>> 16));
      case FP32 -> data.putFloat(0, 1);
      case FP64 -> data.putDouble(0, 1);
      default -> data.put(0, (byte) 1);
    }

    assertThat(Elements.number(datatype, data, 0)).isEqualTo(1);
  }

  @Test
  void number_allBitsSet_isAsSignedAsTheDatatype() {
    ByteBuffer data = Tensor.allocate(8).putLong(0, -1);

    assertThat(Elements.number(Datatype.INT8, data, 0)).isEqualTo(-1);
    assertThat(Elements.number(Datatype.UINT8, data, 0)).isEqualTo(255);
    assertThat(Elements.number(Datatype.INT64, data, 0)).isEqualTo(-1);
    assertThat(Elements.number(Datatype.UINT32, data, 0)).isEqualTo(4294967295.0);
    assertThat(Elements.number(Datatype.UINT64, data, 0)).isEqualTo(0x1p64);
  }

  @Test
  void add_manyThreads_losesNothing() throws InterruptedException {
    List<Tensor> inputs = List.of(sizes(0));
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int i = 0; i < 10_000; i++) {
              tally.add(inputs, List.of());
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(counts(SIZE)).isEqualTo(counts(0, 0, 160_000L, 0L, 0L));
  }
}
