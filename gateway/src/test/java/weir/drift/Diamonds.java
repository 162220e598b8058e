package weir.drift;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.inference.Variant;

/** Real rows, as tensors of one row, and a baseline of some of them. */
final class Diamonds {
  static final Path FILE = Path.of("../models/data/diamonds.csv.gz");
  static final Variant VARIANT = new Variant("diamond-price", "1");
  static final List<String> NUMBERS = List.of("carat", "depth", "table", "x", "y", "z");
  static final List<String> TEXTS = List.of("cut", "color", "clarity");
  static final Instant MADE = Instant.parse("2026-01-05T12:00:00Z");
  static final ModelSignature SIGNATURE =
      new ModelSignature(
          "onnx",
          Stream.concat(
                  NUMBERS.stream().map(name -> spec(name, Datatype.FP32)),
                  TEXTS.stream().map(name -> spec(name, Datatype.BYTES)))
              .toList(),
          List.of(spec("price", Datatype.FP32)));

  private static final Shape ONE = Shape.of(1, 1);

  record Row(List<Float> numbers, List<String> texts, float price) {
    List<Tensor> inputs() {
      List<Tensor> inputs = new ArrayList<>();
      for (int i = 0; i < numbers.size(); i++) {
        inputs.add(Tensor.ofFloats(NUMBERS.get(i), ONE, numbers.get(i)));
      }
      for (int i = 0; i < texts.size(); i++) {
        inputs.add(Tensor.ofStrings(TEXTS.get(i), ONE, texts.get(i)));
      }
      return inputs;
    }

    List<Tensor> outputs() {
      return List.of(Tensor.ofFloats("price", ONE, price));
    }

    /** The row with its first number, carat, moved. */
    Row heavier(float by) {
      List<Float> moved = new ArrayList<>(numbers);
      moved.set(0, moved.get(0) + by);
      return new Row(moved, texts, price);
    }
  }

  private Diamonds() {}

  private static TensorSpec spec(String name, Datatype datatype) {
    return new TensorSpec(name, datatype, Shape.of(-1, 1));
  }

  /** All rows, in an order drawn with {@code seed}. */
  static List<Row> shuffled(long seed) {
    List<Row> rows = new ArrayList<>(ALL);
    Collections.shuffle(rows, new Random(seed));
    return rows;
  }

  private static final List<Row> ALL = read();

  private static List<Row> read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(FILE)), StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).map(Diamonds::row).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row row(String line) {
    String[] cells = line.split(",", -1);
    List<Float> numbers = new ArrayList<>();
    for (int at : new int[] {0, 4, 5, 7, 8, 9}) {
      numbers.add(Float.parseFloat(cells[at]));
    }
    return new Row(numbers, List.of(cells[1], cells[2], cells[3]), Float.parseFloat(cells[6]));
  }

  static Baseline baseline(List<Row> rows) {
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < NUMBERS.size(); i++) {
      NumericSample sample = new NumericSample();
      for (Row row : rows) {
        sample.add(row.numbers().get(i));
      }
      signals.add(sample.signal(NUMBERS.get(i), input(NUMBERS.get(i))).orElseThrow());
    }
    for (int i = 0; i < TEXTS.size(); i++) {
      CategorySample sample = new CategorySample();
      for (Row row : rows) {
        sample.add(row.texts().get(i));
      }
      signals.add(sample.signal(TEXTS.get(i), input(TEXTS.get(i))).orElseThrow());
    }
    NumericSample score = new NumericSample();
    rows.forEach(row -> score.add(row.price()));
    signals.add(score.signal("price", new Place(Place.Side.OUTPUT, "price", 0)).orElseThrow());
    return new Baseline(VARIANT.model(), MADE, signals);
  }

  private static Place input(String name) {
    return new Place(Place.Side.INPUT, name, 0);
  }
}
