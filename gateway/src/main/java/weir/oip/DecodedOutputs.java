package weir.oip;

import java.util.List;
import weir.inference.Tensor;

/**
 * What became of an answer's bytes: its outputs in the server's order, or what is wrong with it.
 */
public sealed interface DecodedOutputs {
  record Valid(List<Tensor> outputs) implements DecodedOutputs {
    public Valid {
      outputs = List.copyOf(outputs);
    }
  }

  /** {@code message} names the field and what was expected, and never holds a tensor's value. */
  record Invalid(String message) implements DecodedOutputs {}
}
