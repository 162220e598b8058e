package weir.oip;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.inference.Tensor;

/**
 * A request as it came over the wire, well formed but not yet held against a model.
 *
 * <p>{@code id} is empty when the caller gave none; {@code outputs} when every output is wanted. A
 * parameter is a String, Long, Double or Boolean; those of the transport are not among them. {@code
 * written} is the array of inputs in the caller's own JSON, when all of them are in it.
 */
public record WireRequest(
    String id,
    List<Tensor> inputs,
    List<WantedOutput> outputs,
    Map<String, Object> parameters,
    boolean binaryByDefault,
    Optional<ByteBuffer> written) {
  public WireRequest {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    parameters = Map.copyOf(parameters);
  }

  /** A request whose inputs did not come as JSON. */
  public WireRequest(
      String id,
      List<Tensor> inputs,
      List<WantedOutput> outputs,
      Map<String, Object> parameters,
      boolean binaryByDefault) {
    this(id, inputs, outputs, parameters, binaryByDefault, Optional.empty());
  }

  /** The names of the selected outputs, in the caller's order. */
  public List<String> outputNames() {
    if (outputs.isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>(outputs.size());
    for (WantedOutput output : outputs) {
      names.add(output.name());
    }
    return names;
  }

  /** Whether the caller wants that output as raw bytes after the JSON. */
  public boolean wantsBinary(String output) {
    for (WantedOutput wanted : outputs) {
      if (wanted.name().equals(output)) {
        return wanted.binary();
      }
    }
    return binaryByDefault;
  }
}
