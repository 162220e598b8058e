package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import weir.inference.Datatype;
import weir.inference.ModelSignature;
import weir.inference.Quoted;
import weir.inference.Shape;
import weir.inference.TensorSpec;

/**
 * Reads what a server says that a model takes and gives; it throws on no answer.
 *
 * <p>Outputs may be missing, as some servers know them only once they computed; inputs may not,
 * since nothing could be checked against them. What else is said is passed over. Safe for any
 * number of threads.
 */
public final class MetadataDecoder {
  private static final List<String> FIELDS =
      List.of("platform", "inputs", "outputs", "name", "versions", "parameters");
  private static final int PLATFORM = 0;
  private static final int INPUTS = 1;
  private static final int OUTPUTS = 2;
  private static final List<String> TENSOR_FIELDS = List.of("name", "datatype", "shape");
  private static final int NAME = 0;
  private static final int DATATYPE = 1;
  private static final int SHAPE = 2;

  private final DecodeLimits limits;
  private final JsonBody json;

  public MetadataDecoder(DecodeLimits limits) {
    this.limits = limits;
    this.json = JsonBody.ofProtocol(limits);
  }

  /** Decodes the first {@code length} bytes of {@code body}. */
  public DecodedSignature decode(byte[] body, int length) {
    try {
      return new DecodedSignature.Valid(json.read(body, length, (text, _) -> read(text)));
    } catch (Refusal refusal) {
      return new DecodedSignature.Invalid(refusal.reason());
    }
  }

  private ModelSignature read(JsonText text) throws IOException, Refusal {
    JsonToken first = text.next();
    if (first != JsonToken.START_OBJECT) {
      throw JsonText.expected("an object", first).in("the body");
    }
    String platform = "";
    List<TensorSpec> inputs = List.of();
    List<TensorSpec> outputs = List.of();
    Fields fields = new Fields(FIELDS, limits.maxParameters());
    for (String field = text.nextField(); field != null; field = text.nextField()) {
      int known = fields.note(field);
      text.next();
      try {
        switch (known) {
          case PLATFORM -> platform = text.isNull() ? "" : text.string(limits.maxNameChars());
          case INPUTS -> inputs = specs(text, limits.maxInputs());
          case OUTPUTS -> outputs = specs(text, limits.maxOutputs());
          default -> text.skip();
        }
      } catch (Refusal refusal) {
        throw refusal.in(Quoted.plain(field));
      }
    }
    if (inputs.isEmpty()) {
      throw new Refusal("the server names no inputs; list inputs and outputs in the configuration");
    }
    return new ModelSignature(platform, inputs, outputs);
  }

  private List<TensorSpec> specs(JsonText text, int most) throws IOException, Refusal {
    text.openUnlessNull(JsonToken.START_ARRAY, "an array");
    if (text.isNull()) {
      return List.of();
    }
    List<TensorSpec> specs = new ArrayList<>();
    while (text.next() != JsonToken.END_ARRAY) {
      if (specs.size() == most) {
        throw new Refusal("more than " + most + " tensors");
      }
      try {
        TensorSpec spec = spec(text);
        if (specs.stream().anyMatch(earlier -> earlier.name().equals(spec.name()))) {
          throw new Refusal("an earlier tensor has the same name");
        }
        specs.add(spec);
      } catch (Refusal refusal) {
        throw refusal.in("[" + specs.size() + "]");
      }
    }
    return specs;
  }

  private TensorSpec spec(JsonText text) throws IOException, Refusal {
    text.open(JsonToken.START_OBJECT, "an object");
    String name = "";
    String datatype = "";
    Shape shape = Shape.of();
    Fields fields = new Fields(TENSOR_FIELDS, limits.maxParameters());
    for (String field = text.nextField(); field != null; field = text.nextField()) {
      int known = fields.note(field);
      text.next();
      try {
        switch (known) {
          case NAME -> name = text.name();
          case DATATYPE -> datatype = text.name();
          case SHAPE -> shape = shape(text);
          default -> text.skip();
        }
      } catch (Refusal refusal) {
        throw refusal.in(Quoted.plain(field));
      }
    }
    fields.require(NAME);
    fields.require(DATATYPE);
    fields.require(SHAPE);
    Datatype known = Datatype.named(datatype).orElse(null);
    if (known == null) {
      throw new Refusal(
          "%s has the datatype %s, which is none of %s"
              .formatted(
                  Quoted.name(name), Quoted.name(datatype), Arrays.toString(Datatype.values())));
    }
    return new TensorSpec(name, known, shape);
  }

  private Shape shape(JsonText text) throws IOException, Refusal {
    text.open(JsonToken.START_ARRAY, "an array");
    long[] dimensions = new long[limits.maxDepth()];
    int rank = 0;
    while (text.next() != JsonToken.END_ARRAY) {
      if (rank == dimensions.length) {
        throw new Refusal("more than " + rank + " dimensions");
      }
      long dimension = text.integer();
      if (dimension < -1) {
        throw new Refusal("a dimension is at least -1");
      }
      dimensions[rank++] = dimension;
    }
    return Shape.of(Arrays.copyOf(dimensions, rank));
  }
}
