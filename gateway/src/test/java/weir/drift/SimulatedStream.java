package weir.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Shape;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.stats.Moments;

/** A population of requests of one row, from which worlds are drawn. */
final class SimulatedStream {
  /** One feature of the population: each row's value as a rank among the distinct values. */
  static final class Feature {
    private final String name;
    private final boolean numeric;
    private final double[] distinct;
    private final List<String> texts;
    private final int[] codes;

    private Feature(
        String name, boolean numeric, double[] distinct, List<String> texts, int[] codes) {
      this.name = name;
      this.numeric = numeric;
      this.distinct = distinct;
      this.texts = texts;
      this.codes = codes;
    }

    String name() {
      return name;
    }

    boolean numeric() {
      return numeric;
    }

    /** The values, rising; empty for a category. */
    double[] distinct() {
      return distinct;
    }

    static Feature ofNumbers(String name, double[] values) {
      double[] distinct = Arrays.stream(values).sorted().distinct().toArray();
      int[] codes =
          Arrays.stream(values).mapToInt(value -> Arrays.binarySearch(distinct, value)).toArray();
      return new Feature(name, true, distinct, List.of(), codes);
    }

    static Feature ofTexts(String name, List<String> values) {
      List<String> distinct = values.stream().sorted().distinct().toList();
      int[] codes = values.stream().mapToInt(distinct::indexOf).toArray();
      return new Feature(name, false, new double[0], distinct, codes);
    }

    int values() {
      return numeric ? distinct.length : texts.size();
    }

    /** How often each distinct value is among the rows. */
    long[] count(int[] rows) {
      long[] counts = new long[values()];
      for (int row : rows) {
        counts[codes[row]]++;
      }
      return counts;
    }
  }

  private static final Shape ONE = Shape.of(1, 1);
  private static final int NORMAL_ROWS = 20_000;

  private final ModelSignature signature;
  private final List<Feature> features;
  private final List<List<Tensor>> requests;

  private SimulatedStream(
      ModelSignature signature, List<Feature> features, List<List<Tensor>> requests) {
    this.signature = signature;
    this.features = features;
    this.requests = requests;
  }

  /** The real diamonds: six numbers, three categories. */
  static SimulatedStream diamonds() {
    List<Diamonds.Row> rows = Diamonds.shuffled(0);
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < Diamonds.NUMBERS.size(); i++) {
      int at = i;
      features.add(
          Feature.ofNumbers(
              Diamonds.NUMBERS.get(i),
              rows.stream().mapToDouble(row -> row.numbers().get(at)).toArray()));
    }
    for (int i = 0; i < Diamonds.TEXTS.size(); i++) {
      int at = i;
      features.add(
          Feature.ofTexts(
              Diamonds.TEXTS.get(i), rows.stream().map(row -> row.texts().get(at)).toList()));
    }
    return new SimulatedStream(
        Diamonds.SIGNATURE, features, rows.stream().map(Diamonds.Row::inputs).toList());
  }

  /** One standard normal feature. */
  static SimulatedStream normal(long seed) {
    Random random = new Random(seed);
    double[] values = new double[NORMAL_ROWS];
    List<List<Tensor>> requests = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      float value = (float) random.nextGaussian();
      values[i] = value;
      requests.add(List.of(Tensor.ofFloats("normal", ONE, value)));
    }
    TensorSpec spec = new TensorSpec("normal", Datatype.FP32, Shape.of(-1, 1));
    return new SimulatedStream(
        new ModelSignature("onnx", List.of(spec), List.of()),
        List.of(Feature.ofNumbers("normal", values)),
        requests);
  }

  /** The same rows with one number moved by that much. */
  SimulatedStream moved(int feature, double by) {
    Feature before = features.get(feature);
    double[] values =
        Arrays.stream(before.codes)
            .mapToDouble(code -> (float) (before.distinct[code] + by))
            .toArray();
    List<Feature> moved = new ArrayList<>(features);
    moved.set(feature, Feature.ofNumbers(before.name(), values));
    List<List<Tensor>> inputs = new ArrayList<>();
    for (int row = 0; row < values.length; row++) {
      List<Tensor> tensors = new ArrayList<>(requests.get(row));
      tensors.set(feature, Tensor.ofFloats(before.name(), ONE, (float) values[row]));
      inputs.add(List.copyOf(tensors));
    }
    return new SimulatedStream(signature, moved, inputs);
  }

  double sd(int feature) {
    Feature of = features.get(feature);
    Moments moments = Moments.NONE;
    for (int code : of.codes) {
      moments = moments.with(of.distinct[code]);
    }
    return Math.sqrt(moments.variance());
  }

  ModelSignature signature() {
    return signature;
  }

  List<Feature> features() {
    return features;
  }

  List<Tensor> request(int row) {
    return requests.get(row);
  }

  /** All rows in a random order. */
  int[] shuffled(SplittableRandom random) {
    int[] rows = new int[requests.size()];
    for (int i = 0; i < rows.length; i++) {
      int other = random.nextInt(i + 1);
      rows[i] = rows[other];
      rows[other] = i;
    }
    return rows;
  }

  /** Rows drawn with replacement: any two draws have exactly the same distribution. */
  int[] draw(int count, SplittableRandom random) {
    return random.ints(count, 0, requests.size()).toArray();
  }

  /** A baseline of these rows, made as from live requests. */
  Baseline baseline(int[] rows) {
    List<Signal> signals = new ArrayList<>();
    for (Feature feature : features) {
      Place place = new Place(Place.Side.INPUT, feature.name(), 0);
      signals.add(feature.numeric() ? numbers(feature, place, rows) : texts(feature, place, rows));
    }
    return new Baseline("simulated", Diamonds.MADE, signals);
  }

  private static Signal numbers(Feature feature, Place place, int[] rows) {
    NumericSample sample = new NumericSample();
    for (int row : rows) {
      sample.add(feature.distinct[feature.codes[row]]);
    }
    return sample.signal(feature.name(), place).orElseThrow();
  }

  private static Signal texts(Feature feature, Place place, int[] rows) {
    CategorySample sample = new CategorySample();
    for (int row : rows) {
      sample.add(feature.texts.get(feature.codes[row]));
    }
    return sample.signal(feature.name(), place).orElseThrow();
  }
}
