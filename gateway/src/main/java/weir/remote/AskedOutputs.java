package weir.remote;

import java.util.ArrayList;
import java.util.List;
import weir.inference.Quoted;
import weir.inference.Tensor;

/** Puts a server's outputs, whose names differ, in the order in which they were asked for. */
final class AskedOutputs {
  private AskedOutputs() {}

  /** As the server gave them when none were named; outputs that nobody asked for are left out. */
  static List<Tensor> inOrder(List<Tensor> given, List<String> asked, StatusKinds kinds)
      throws RemoteFailure {
    if (asked.isEmpty()) {
      return given;
    }
    List<Tensor> ordered = new ArrayList<>(asked.size());
    for (String name : asked) {
      ordered.add(
          given.stream()
              .filter(output -> output.name().equals(name))
              .findFirst()
              .orElseThrow(() -> kinds.invalid("it lacks the output " + Quoted.name(name))));
    }
    return ordered;
  }
}
