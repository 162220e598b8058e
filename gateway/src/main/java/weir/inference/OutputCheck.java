package weir.inference;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Holds a server's outputs against what its variant declares and the caller asked for. */
public final class OutputCheck {
  private OutputCheck() {}

  /**
   * The first thing that is wrong; empty when the outputs may be handed on. {@code wanted} is empty
   * when every declared output is. A signature without outputs declares nothing of them.
   */
  public static Optional<String> problem(
      ModelSignature signature, List<Tensor> outputs, List<String> wanted) {
    Set<String> names = new HashSet<>();
    for (Tensor output : outputs) {
      if (!names.add(output.name())) {
        return Optional.of("output %s came twice".formatted(Quoted.name(output.name())));
      }
      Optional<String> problem = problem(signature, output);
      if (problem.isPresent()) {
        return problem;
      }
    }
    int due = wanted.isEmpty() ? signature.outputs().size() : wanted.size();
    for (int i = 0; i < due; i++) {
      String name = wanted.isEmpty() ? signature.outputs().get(i).name() : wanted.get(i);
      if (!names.contains(name)) {
        return Optional.of("the answer lacks the output " + Quoted.list(List.of(name)));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(ModelSignature signature, Tensor output) {
    if (signature.outputs().isEmpty()) {
      return Optional.empty();
    }
    String name = Quoted.name(output.name());
    return signature
        .output(output.name())
        .map(spec ->
            SignatureCheck.misfit(spec, output, "declares")
                .map(why -> "output " + name + ": " + why))
        .orElseGet(() -> Optional.of("output %s is none of the variant's".formatted(name)));
  }
}
