package weir.inference;

import java.util.List;

/**
 * What a model declares of one input or output; −1 in the shape takes any size.
 *
 * <p>{@code dimensionNames} has a name for each dimension, empty where it has none. Open dimensions
 * of one name have one size in a request.
 */
public record TensorSpec(
    String name, Datatype datatype, Shape shape, List<String> dimensionNames) {
  public TensorSpec {
    dimensionNames = List.copyOf(dimensionNames);
    if (!dimensionNames.isEmpty() && dimensionNames.size() != shape.rank()) {
      throw new IllegalArgumentException(
          "'%s' has %d dimensions and %d names"
              .formatted(name, shape.rank(), dimensionNames.size()));
    }
  }

  /** A tensor whose dimensions have no names. */
  public TensorSpec(String name, Datatype datatype, Shape shape) {
    this(name, datatype, shape, List.of());
  }

  /** The name of an open dimension; empty when it is fixed or has none. */
  public String openName(int dimension) {
    return shape.dimension(dimension) >= 0 || dimensionNames.isEmpty()
        ? ""
        : dimensionNames.get(dimension);
  }
}
