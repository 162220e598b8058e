package weir;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import weir.backend.Catalog;
import weir.backend.ServedVariant;
import weir.inference.ModelSignature;
import weir.inference.Quoted;
import weir.inference.TensorSpec;
import weir.routing.ModelRoute;

/** Whether the versions that share a model's traffic can serve, and take equal inputs. */
final class RouteCheck {
  private RouteCheck() {}

  /** What is wrong with the versions that {@code route} names. */
  static List<String> problems(String model, ModelRoute route, Catalog catalog) {
    List<String> problems = new ArrayList<>();
    Set<Set<TensorSpec>> inputs = new HashSet<>();
    for (String version : route.named()) {
      catalog
          .find(model, version)
          .ifPresentOrElse(
              served -> inputs.add(unnamed(served.signature())),
              () -> {
                if (catalog.waiting(model, version).isEmpty()) {
                  problems.add(
                      "models.%s: version %s is routed to, but only %s can serve"
                          .formatted(model, version, String.join(", ", catalog.versions(model))));
                }
              });
    }
    if (inputs.size() > 1) {
      problems.add(
          "models.%s: versions %s take different inputs; traffic can be divided only between"
                  .formatted(model, String.join(", ", route.named()))
              + " versions with equal inputs");
    }
    return problems;
  }

  /** Why {@code candidate} cannot share the traffic of {@code stable}; empty when it can. */
  static Optional<String> mismatch(Catalog now, String model, String stable, String candidate) {
    Optional<ServedVariant> found = now.find(model, candidate);
    Optional<ServedVariant> beside = now.find(model, stable);
    if (found.isEmpty()) {
      return Optional.of(
          "model %s has no version %s that can serve; it has %s"
              .formatted(model, Quoted.name(candidate), String.join(", ", now.versions(model))));
    }
    if (beside.isPresent()
        && !unnamed(found.get().signature()).equals(unnamed(beside.get().signature()))) {
      return Optional.of(
          "versions %s and %s take different inputs; traffic can be divided only between versions with equal inputs"
              .formatted(stable, candidate));
    }
    return Optional.empty();
  }

  /** The inputs without their order and their dimensions' names, which callers do not see. */
  private static Set<TensorSpec> unnamed(ModelSignature signature) {
    return signature.inputs().stream()
        .map(input -> new TensorSpec(input.name(), input.datatype(), input.shape()))
        .collect(Collectors.toSet());
  }
}
