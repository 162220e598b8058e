package weir.drift;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Tensor;
import weir.inference.TensorSpec;
import weir.observation.DriftMeters;

/**
 * Counts which declared inputs of one model were refused; names of callers' making count nowhere.
 */
final class InvalidInputs {
  private record Counters(
      TensorSpec spec, Runnable missing, Runnable datatype, Runnable shape, Runnable notFinite) {}

  private final Map<String, Counters> counters = new HashMap<>();

  InvalidInputs(String model, ModelSignature signature, DriftMeters meters) {
    for (TensorSpec spec : signature.inputs()) {
      String feature = spec.name();
      counters.put(
          feature,
          new Counters(
              spec,
              meters.invalidInput(model, feature, "missing"),
              meters.invalidInput(model, feature, "datatype"),
              meters.invalidInput(model, feature, "shape"),
              meters.invalidInput(model, feature, "not_finite")));
    }
  }

  void count(List<Tensor> inputs) {
    Map<String, Tensor> given = new HashMap<>();
    inputs.forEach(input -> given.putIfAbsent(input.name(), input));
    for (Counters each : counters.values()) {
      Tensor input = given.get(each.spec.name());
      if (input == null) {
        each.missing.run();
      } else if (input.datatype() != each.spec.datatype()) {
        each.datatype.run();
      } else if (!input.shape().fits(each.spec.shape())) {
        each.shape.run();
      } else if (!finite(input)) {
        each.notFinite.run();
      }
    }
  }

  private static boolean finite(Tensor input) {
    Datatype datatype = input.datatype();
    if (datatype.kind() == Datatype.Kind.FLOATING) {
      for (int at = 0; at < input.data().limit(); at += datatype.width()) {
        if (!Double.isFinite(Elements.number(datatype, input.data(), at))) {
          return false;
        }
      }
    }
    return true;
  }
}
