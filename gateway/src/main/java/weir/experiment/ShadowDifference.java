package weir.experiment;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.inference.Datatype;
import weir.inference.Tensor;

/**
 * How one answer lies beside another, tensor by tensor.
 *
 * <p>{@code largest}: the largest absolute difference of two numbers, infinite where only one is a
 * number. {@code labels}: whether every text, integer and boolean agrees, and every row of a
 * floating [n, k] has its largest value in the same place; empty without any of these. {@code
 * incomparable} says which output is missing or has another datatype or shape.
 */
record ShadowDifference(
    Optional<String> incomparable,
    boolean equal,
    double largest,
    Optional<Boolean> labels,
    List<Output> outputs) {
  /** One output; {@code largest} is 0 where there are no floating numbers. */
  record Output(String name, boolean equal, double largest) {}

  /** What one output adds. */
  private record Part(boolean equal, double largest, Optional<Boolean> labels) {}

  ShadowDifference {
    outputs = List.copyOf(outputs);
  }

  static ShadowDifference of(List<Tensor> stable, List<Tensor> shadow, ShadowTolerance tolerance) {
    boolean equal = true;
    double largest = 0;
    Optional<Boolean> labels = Optional.empty();
    List<Output> outputs = new ArrayList<>();
    for (Tensor expected : stable) {
      Optional<Tensor> found =
          shadow.stream().filter(other -> other.name().equals(expected.name())).findFirst();
      Optional<String> problem = problem(expected, found);
      if (found.isEmpty() || problem.isPresent()) {
        return new ShadowDifference(problem, false, Double.NaN, Optional.empty(), List.of());
      }
      Part part = part(expected, found.get(), tolerance);
      outputs.add(new Output(expected.name(), part.equal(), part.largest()));
      equal &= part.equal();
      largest = Math.max(largest, part.largest());
      if (part.labels().isPresent()) {
        labels = Optional.of(labels.orElse(true) && part.labels().get());
      }
    }
    return new ShadowDifference(Optional.empty(), equal, largest, labels, outputs);
  }

  private static Optional<String> problem(Tensor expected, Optional<Tensor> found) {
    if (found.isEmpty()) {
      return Optional.of("output '%s' is missing".formatted(expected.name()));
    }
    Tensor got = found.get();
    boolean alike = got.datatype() == expected.datatype() && got.shape().equals(expected.shape());
    return alike
        ? Optional.empty()
        : Optional.of(
            "output '%s' is %s %s, not %s %s"
                .formatted(
                    expected.name(),
                    got.datatype(),
                    got.shape(),
                    expected.datatype(),
                    expected.shape()));
  }

  private static Part part(Tensor stable, Tensor shadow, ShadowTolerance tolerance) {
    if (stable.datatype().kind() != Datatype.Kind.FLOATING) {
      boolean same = stable.data().equals(shadow.data());
      return new Part(same, 0, Optional.of(same));
    }
    boolean equal = true;
    double largest = 0;
    for (int i = 0; i < stable.elements(); i++) {
      double one = number(stable, i);
      double other = number(shadow, i);
      if (!tolerance.same(one, other)) {
        equal = false;
      }
      if (Double.compare(one, other) != 0) {
        double apart = Math.abs(one - other);
        largest = Math.max(largest, Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart);
      }
    }
    return new Part(equal, largest, largestInPlace(stable, shadow));
  }

  /** Whether each row's largest value is in the same place; empty when there are no classes. */
  private static Optional<Boolean> largestInPlace(Tensor stable, Tensor shadow) {
    if (stable.shape().rank() != 2 || stable.shape().dimension(1) < 2) {
      return Optional.empty();
    }
    int classes = (int) stable.shape().dimension(1);
    for (int row = 0; row < stable.shape().dimension(0); row++) {
      if (place(stable, row * classes, classes) != place(shadow, row * classes, classes)) {
        return Optional.of(false);
      }
    }
    return Optional.of(true);
  }

  private static int place(Tensor tensor, int from, int count) {
    int place = 0;
    for (int i = 1; i < count; i++) {
      if (number(tensor, from + i) > number(tensor, from + place)) {
        place = i;
      }
    }
    return place;
  }

  private static double number(Tensor tensor, int index) {
    ByteBuffer data = tensor.data();
    return switch (tensor.datatype()) {
      case FP64 -> data.getDouble(8 * index);
      case FP32 -> data.getFloat(4 * index);
      case FP16 -> Float.float16ToFloat(data.getShort(2 * index));
      case BF16 -> Float.intBitsToFloat(data.getShort(2 * index) << 16);
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES ->
          throw new IllegalArgumentException(tensor.datatype() + " is not floating");
    };
  }
}
