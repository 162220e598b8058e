package weir.remote;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the settings of a plain service must agree on. */
final class PlainService {
  private PlainService() {}

  static void check(List<TensorSettings> inputs, List<TensorSettings> outputs, JsonMapping json) {
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw new IllegalArgumentException(
          "a plain service cannot say what it takes and gives: list inputs and outputs");
    }
    Set<String> inputNames = new HashSet<>();
    Set<String> fields = new HashSet<>();
    for (TensorSettings input : inputs) {
      require(
          !input.shape().isEmpty() && input.shape().size() <= 2,
          "the input '%s' has the shape [-1] or [-1, k], not %s"
              .formatted(input.name(), input.shape())
              .formatted());
      require(
          inputNames.add(input.name()),
          "the input '%s' is listed twice".formatted(input.name()).formatted());
      String field = json.fields().getOrDefault(input.name(), input.name());
      require(fields.add(field), "the field '%s' is of two inputs".formatted(field).formatted());
    }
    for (String name : json.fields().keySet()) {
      require(
          inputNames.contains(name),
          "json.fields has '%s', which is no input".formatted(name).formatted());
    }
    Set<String> outputNames = new HashSet<>();
    for (TensorSettings output : outputs) {
      List<Long> shape = output.shape();
      require(
          shape.size() == 1 || (shape.size() == 2 && shape.get(1) > 0),
          "the output '%s' has the shape [-1] or [-1, k] with k known, not %s"
              .formatted(output.name(), shape)
              .formatted());
      require(
          outputNames.add(output.name()),
          "the output '%s' is listed twice".formatted(output.name()).formatted());
      require(
          json.outputs().containsKey(output.name()),
          "json.outputs lacks the place of the output '%s'".formatted(output.name()).formatted());
    }
    for (String name : json.outputs().keySet()) {
      require(
          outputNames.contains(name),
          "json.outputs has '%s', which is no output".formatted(name).formatted());
    }
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
