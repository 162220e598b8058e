package weir.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.NearestName;
import weir.inference.Quoted;
import weir.inference.TensorSpec;

/** Holds a baseline against what a model declares. */
public final class BaselineFit {
  private BaselineFit() {}

  /** Everything in the baseline that the model's tensors cannot give; empty when it fits. */
  public static List<String> problems(Baseline baseline, ModelSignature signature) {
    List<String> problems = new ArrayList<>();
    for (Signal signal : baseline.signals()) {
      problem(signal, signature)
          .ifPresent(
              problem -> problems.add("signal " + Quoted.name(signal.name()) + ": " + problem));
    }
    return problems;
  }

  private static Optional<String> problem(Signal signal, ModelSignature signature) {
    Place place = signal.place();
    Optional<TensorSpec> found = spec(signature, place);
    if (found.isEmpty()) {
      return Optional.of(unknown(signature, place));
    }
    TensorSpec spec = found.get();
    int width = width(spec);
    if (width < 1) {
      return Optional.of(
          "%s %s has rows of open size %s; its elements cannot be watched one by one"
              .formatted(place.side().label(), Quoted.name(spec.name()), spec.shape()));
    }
    if (place.element() >= width) {
      return Optional.of(
          "%s %s has %d elements in a row, not an element %d"
              .formatted(place.side().label(), Quoted.name(spec.name()), width, place.element()));
    }
    return kind(signal, spec);
  }

  private static Optional<String> kind(Signal signal, TensorSpec spec) {
    Datatype datatype = spec.datatype();
    return switch (signal) {
      case Signal.Numeric _ ->
          datatype.kind() == Datatype.Kind.BYTES || datatype.kind() == Datatype.Kind.BOOLEAN
              ? Optional.of("is numeric, but the model has " + datatype)
              : Optional.empty();
      case Signal.Categorical categorical -> {
        if (datatype.kind() == Datatype.Kind.FLOATING) {
          yield Optional.of("is categorical, but the model has " + datatype);
        }
        yield categorical.values().stream().anyMatch(value -> !says(datatype, value.text()))
            ? Optional.of("has values that are not of the model's " + datatype)
            : Optional.empty();
      }
    };
  }

  private static boolean says(Datatype datatype, String text) {
    return switch (datatype.kind()) {
      case BOOLEAN -> text.equals("true") || text.equals("false");
      case SIGNED, UNSIGNED -> isWhole(text);
      case FLOATING, BYTES -> true;
    };
  }

  private static boolean isWhole(String text) {
    try {
      Long.parseLong(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static String unknown(ModelSignature signature, Place place) {
    List<String> names =
        (place.side() == Place.Side.INPUT ? signature.inputs() : signature.outputs())
            .stream().map(TensorSpec::name).toList();
    String said =
        "the model has no %s %s".formatted(place.side().label(), Quoted.name(place.tensor()));
    return NearestName.of(place.tensor(), names)
        .map(near -> said + "; did you mean " + Quoted.name(near) + "?")
        .orElseGet(() -> said + "; it has " + Quoted.list(names));
  }

  static Optional<TensorSpec> spec(ModelSignature signature, Place place) {
    return place.side() == Place.Side.INPUT
        ? signature.input(place.tensor())
        : signature.output(place.tensor());
  }

  /** Elements of one row: all dimensions but an open first one; −1 when another one is open. */
  static int width(TensorSpec spec) {
    long width = 1;
    for (int i = 0; i < spec.shape().rank(); i++) {
      long dimension = spec.shape().dimension(i);
      if (dimension < 0 && i == 0) {
        continue;
      }
      if (dimension < 0 || width * dimension > Integer.MAX_VALUE) {
        return -1;
      }
      width *= dimension;
    }
    return (int) width;
  }
}
