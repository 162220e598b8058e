package weir.inference;

import java.util.List;
import java.util.Optional;

/** Holds a request's tensors against what a model declares. */
public final class SignatureCheck {
  private SignatureCheck() {}

  /** The first thing that does not fit, said to the caller; empty when the model can answer. */
  public static Optional<String> mismatch(
      ModelSignature signature, List<Tensor> inputs, List<String> outputs) {
    boolean inOrder = inputs.size() == signature.inputs().size();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      Optional<TensorSpec> spec = spec(signature, i, input.name());
      if (spec.isEmpty()) {
        return Optional.of(unknown("input", i, input.name(), names(signature.inputs())));
      }
      inOrder = inOrder && signature.inputs().get(i).name().equals(input.name());
      Optional<String> misfit = misfit(spec.get(), input, "takes");
      if (misfit.isPresent()) {
        return Optional.of(
            "inputs[%d] %s: %s".formatted(i, Quoted.name(input.name()), misfit.get()));
      }
    }
    Optional<String> missing = inOrder ? Optional.empty() : missing(signature, inputs);
    if (missing.isPresent()) {
      return missing;
    }
    Optional<String> unequal = unequal(signature, inputs);
    return unequal.isPresent() ? unequal : unknownOutput(signature, outputs);
  }

  /** The first open dimension whose size differs from an earlier one of the same name. */
  private static Optional<String> unequal(ModelSignature signature, List<Tensor> inputs) {
    for (int i = 1; i < inputs.size(); i++) {
      TensorSpec spec = spec(signature, i, inputs.get(i).name()).orElseThrow();
      for (int d = 0; d < spec.dimensionNames().size(); d++) {
        String name = spec.openName(d);
        Optional<String> said =
            name.isEmpty() ? Optional.empty() : unequal(signature, inputs, i, d, name);
        if (said.isPresent()) {
          return said;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> unequal(
      ModelSignature signature, List<Tensor> inputs, int index, int dimension, String name) {
    Tensor input = inputs.get(index);
    for (int i = 0; i < index; i++) {
      Tensor earlier = inputs.get(i);
      TensorSpec spec = spec(signature, i, earlier.name()).orElseThrow();
      for (int d = 0; d < spec.dimensionNames().size(); d++) {
        if (spec.openName(d).equals(name)) {
          return earlier.shape().dimension(d) == input.shape().dimension(dimension)
              ? Optional.empty()
              : Optional.of(
                  "inputs[%d] %s: '%s' is %d, but %d in inputs[%d] %s"
                      .formatted(
                          index,
                          Quoted.name(input.name()),
                          Quoted.plain(name),
                          input.shape().dimension(dimension),
                          earlier.shape().dimension(d),
                          i,
                          Quoted.name(earlier.name())));
        }
      }
    }
    return Optional.empty();
  }

  /** The declared input of that name; most callers keep the model's order. */
  private static Optional<TensorSpec> spec(ModelSignature signature, int index, String name) {
    boolean inPlace =
        index < signature.inputs().size() && signature.inputs().get(index).name().equals(name);
    return inPlace ? Optional.of(signature.inputs().get(index)) : signature.input(name);
  }

  /** How the tensor differs from what the model {@code takes} or "declares". */
  static Optional<String> misfit(TensorSpec spec, Tensor tensor, String takes) {
    if (spec.datatype() != tensor.datatype()) {
      return Optional.of(
          "datatype is %s, the model %s %s".formatted(tensor.datatype(), takes, spec.datatype()));
    }
    if (!tensor.shape().fits(spec.shape())) {
      return Optional.of("shape %s does not fit %s".formatted(tensor.shape(), spec.shape()));
    }
    return Optional.empty();
  }

  private static Optional<String> missing(ModelSignature signature, List<Tensor> inputs) {
    List<String> given = inputs.stream().map(Tensor::name).toList();
    List<String> missing =
        names(signature.inputs()).stream().filter(name -> !given.contains(name)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("inputs: the model also takes " + Quoted.list(missing));
  }

  private static Optional<String> unknownOutput(ModelSignature signature, List<String> outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      if (signature.output(outputs.get(i)).isEmpty()) {
        return Optional.of(unknown("output", i, outputs.get(i), names(signature.outputs())));
      }
    }
    return Optional.empty();
  }

  private static String unknown(String kind, int index, String name, List<String> declared) {
    String place = "%ss[%d] %s: ".formatted(kind, index, Quoted.name(name));
    return NearestName.of(name, declared)
        .map(near ->
            place + "the model has no such " + kind + "; did you mean " + Quoted.name(near) + "?")
        .orElseGet(() -> place + "the model has " + Quoted.list(declared));
  }

  static List<String> names(List<TensorSpec> specs) {
    return specs.stream().map(TensorSpec::name).toList();
  }
}
