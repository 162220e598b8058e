package weir.observation;

import java.util.List;
import weir.inference.Tensor;
import weir.inference.Variant;

/**
 * Someone who is told the values of an answered request, on the request's thread, after the answer
 * was encoded.
 *
 * <p>Keeps no tensor (its buffer is used again), throws nothing, returns within microseconds.
 */
@FunctionalInterface
public interface TensorObserver {
  void answered(Variant variant, List<Tensor> inputs, List<Tensor> outputs);

  /** The inputs of a request to {@code model} did not fit what the model declares. */
  default void refused(String model, List<Tensor> inputs) {}
}
