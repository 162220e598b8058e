package weir.drift;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.TensorSpec;

/**
 * A signal that a model's tensors could give, before a baseline is made of it.
 *
 * <p>Text and truth values are categories, and so are whole numbers among the outputs (they name
 * classes); every other number is a number.
 */
record Plan(String name, Place place, Datatype datatype) {
  /** Everything that can be watched of a model, inputs first, at most {@code max}. */
  static List<Plan> of(ModelSignature signature, int max) {
    List<Plan> plans = new ArrayList<>();
    Set<String> names = new HashSet<>();
    add(plans, names, Place.Side.INPUT, signature.inputs(), max);
    add(plans, names, Place.Side.OUTPUT, signature.outputs(), max);
    return plans;
  }

  private static void add(
      List<Plan> plans, Set<String> names, Place.Side side, List<TensorSpec> specs, int max) {
    for (TensorSpec spec : specs) {
      int width = BaselineFit.width(spec);
      for (int element = 0; element < width && plans.size() < max; element++) {
        String name = width == 1 ? spec.name() : spec.name() + "[" + element + "]";
        String unique = names.contains(name) ? side.label() + "." + name : name;
        if (names.add(unique)) {
          plans.add(new Plan(unique, new Place(side, spec.name(), element), spec.datatype()));
        }
      }
    }
  }

  Plan named(String other) {
    return new Plan(other, place, datatype);
  }

  boolean categorical() {
    return switch (datatype.kind()) {
      case BYTES, BOOLEAN -> true;
      case SIGNED, UNSIGNED -> place.side() == Place.Side.OUTPUT;
      case FLOATING -> false;
    };
  }
}
