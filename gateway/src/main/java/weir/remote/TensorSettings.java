package weir.remote;

import java.util.List;
import java.util.stream.LongStream;
import weir.inference.Datatype;
import weir.inference.Shape;
import weir.inference.TensorSpec;

/** An input or output as written in the configuration; -1 in the shape takes any size. */
public record TensorSettings(String name, Datatype datatype, List<Long> shape) {
  public TensorSettings {
    shape = List.copyOf(shape);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a tensor has a name, not ''");
    }
  }

  TensorSpec spec() {
    return new TensorSpec(
        name,
        datatype,
        Shape.of(shape.stream().flatMapToLong(size -> LongStream.of(size)).toArray()));
  }
}
