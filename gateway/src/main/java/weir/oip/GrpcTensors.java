package weir.oip;

import com.google.protobuf.ByteString;
import inference.InferTensorContents;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.inference.Datatype;
import weir.inference.Quoted;
import weir.inference.Shape;
import weir.inference.Tensor;

/** Reads the tensors of one message, all raw or all typed, in their order. */
final class GrpcTensors {
  private final String place;
  private final List<ByteString> raw;
  private final DecodeLimits limits;
  private final Set<String> names = new HashSet<>();
  private int index;

  /** {@code place} is {@code inputs} or {@code outputs}; {@code raw} is empty for typed ones. */
  GrpcTensors(String place, List<ByteString> raw, int tensors, DecodeLimits limits) throws Refusal {
    int most = place.equals("inputs") ? limits.maxInputs() : limits.maxOutputs();
    if (tensors > most) {
      throw new Refusal("more than %d %s".formatted(most, place));
    }
    if (!raw.isEmpty() && raw.size() != tensors) {
      throw new Refusal(
          "%d raw contents for %d %s; send one for each, or none"
              .formatted(raw.size(), tensors, place));
    }
    this.place = place;
    this.raw = raw;
    this.limits = limits;
  }

  /** The next tensor; {@code contents} is null when the message has none. */
  Tensor next(
      String name, String datatype, List<Long> shape, @Nullable InferTensorContents contents)
      throws Refusal {
    try {
      Tensor tensor = read(name, datatype, shape, contents);
      index++;
      return tensor;
    } catch (Refusal refusal) {
      String said = name.isEmpty() ? "" : " " + Quoted.name(name);
      throw refusal.in(place + "[" + index + "]" + said);
    }
  }

  private Tensor read(
      String name,
      String datatypeName,
      List<Long> dimensions,
      @Nullable InferTensorContents contents)
      throws Refusal {
    if (name.isEmpty()) {
      throw new Refusal("'name' is missing");
    }
    GrpcParameters.requireName(name, limits);
    if (!names.add(name)) {
      throw new Refusal("an earlier one has the same name");
    }
    Datatype datatype = Datatype.named(datatypeName).orElse(null);
    if (datatype == null) {
      throw new Refusal("datatype %s is unknown".formatted(Quoted.name(datatypeName)));
    }
    Shape shape = shape(dimensions);
    GrpcValues values = new GrpcValues(datatype, shape, limits.maxStringBytes());
    if (raw.isEmpty()) {
      return new Tensor(
          name,
          datatype,
          shape,
          values.typed(contents == null ? InferTensorContents.getDefaultInstance() : contents));
    }
    if (contents != null && GrpcValues.total(contents) > 0) {
      throw new Refusal("both raw and typed contents are given; use one form for the request");
    }
    return new Tensor(name, datatype, shape, values.raw(raw.get(index)));
  }

  private Shape shape(List<Long> dimensions) throws Refusal {
    if (dimensions.size() > limits.maxDepth()) {
      throw new Refusal("shape has more than " + limits.maxDepth() + " dimensions");
    }
    for (long dimension : dimensions) {
      if (dimension < 0) {
        throw new Refusal("shape: a dimension is not negative");
      }
    }
    Shape shape = Shape.of(dimensions.stream().mapToLong(Long::longValue).toArray());
    long elements = shape.elements();
    if (elements < 0 || elements > limits.maxElements()) {
      throw new Refusal(
          "shape %s has more than %d elements".formatted(shape, limits.maxElements()));
    }
    return shape;
  }
}
