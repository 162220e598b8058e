package weir.inference;

import java.util.Arrays;

/** The dimensions of a tensor; in a model's signature −1 stands for any size. */
public final class Shape {
  private final long[] dimensions;

  private Shape(long[] dimensions) {
    this.dimensions = dimensions;
  }

  /** A shape of these dimensions, each at least −1. */
  public static Shape of(long... dimensions) {
    for (long dimension : dimensions) {
      if (dimension < -1) {
        throw new IllegalArgumentException("a dimension is at least -1, not " + dimension);
      }
    }
    return new Shape(dimensions.clone());
  }

  public int rank() {
    return dimensions.length;
  }

  public long dimension(int index) {
    return dimensions[index];
  }

  public long[] toArray() {
    return dimensions.clone();
  }

  /** The number of elements, or −1 when a dimension is open or the product overflows. */
  public long elements() {
    long product = 1;
    for (long dimension : dimensions) {
      if (dimension < 0) {
        return -1;
      }
      if (dimension != 0 && product > Long.MAX_VALUE / dimension) {
        return -1;
      }
      product *= dimension;
    }
    return product;
  }

  /** Whether a tensor of this shape satisfies {@code signature}, whose open dimensions take any. */
  public boolean fits(Shape signature) {
    if (dimensions.length != signature.dimensions.length) {
      return false;
    }
    for (int i = 0; i < dimensions.length; i++) {
      if (signature.dimensions[i] >= 0 && signature.dimensions[i] != dimensions[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  /** As in the protocol's JSON: {@code [1,30]}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < dimensions.length; i++) {
      text.append(i == 0 ? "" : ",").append(dimensions[i]);
    }
    return text.append(']').toString();
  }
}
