package weir.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import weir.inference.Quoted;
import weir.inference.Tensor;
import weir.inference.Variant;

/**
 * Turns a model's outputs into the body of an answer: JSON, and behind it the raw bytes of those
 * outputs that the caller wants so.
 *
 * <p>JSON has no NaN, no infinity and no bytes that are not UTF-8; such a value makes the answer
 * {@link Encoded.Unsayable} unless its output is wanted as binary data. Safe for any number of
 * threads.
 */
public final class ResponseEncoder {
  private static final int FRAME_BYTES = 56;

  private final JsonOutput output = new JsonOutput();

  /** {@code id} is the one to return, empty for none; {@code wanted} says what is binary. */
  public Encoded encode(Variant variant, String id, List<Tensor> outputs, WireRequest wanted) {
    boolean anyBinary = false;
    long expected =
        (long) FRAME_BYTES + variant.model().length() + variant.version().length() + id.length();
    for (Tensor tensor : outputs) {
      boolean binary = wanted.wantsBinary(tensor.name());
      anyBinary |= binary;
      if (!binary) {
        Optional<String> unsayable = TensorText.unsayable(tensor);
        if (unsayable.isPresent()) {
          return unsayable(tensor.name(), unsayable.get());
        }
      }
      expected += TensorJson.expectedBytes(tensor, binary);
    }
    GrowableBytes body = new GrowableBytes((int) Math.min(expected, Integer.MAX_VALUE - 8));
    output.write(body, json -> writeObject(json, variant, id, outputs, wanted));
    int jsonLength = body.length();
    if (anyBinary) {
      for (Tensor tensor : outputs) {
        if (wanted.wantsBinary(tensor.name())) {
          body.append(tensor.data());
        }
      }
    }
    return new Encoded.Body(body.array(), body.length(), anyBinary ? jsonLength : -1);
  }

  private static Encoded unsayable(String output, String why) {
    return new Encoded.Unsayable(
        output,
        "output %s: %s, which JSON cannot say; ask for it with binary_data"
            .formatted(Quoted.name(output), why));
  }

  private static void writeObject(
      JsonGenerator json, Variant variant, String id, List<Tensor> outputs, WireRequest wanted)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("model_name", variant.model());
    json.writeStringField("model_version", variant.version());
    if (!id.isEmpty()) {
      json.writeStringField("id", id);
    }
    json.writeArrayFieldStart("outputs");
    for (Tensor tensor : outputs) {
      TensorJson.write(json, tensor, wanted.wantsBinary(tensor.name()));
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
